// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.vm;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLException;

/// Says in words why a connection with the VM ended, and what to do.
final class VmTrouble {
    private VmTrouble() {}

    static String explain(IOException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateException certificate) {
                return certificate.getMessage() + ".";
            }
        }
        return switch (e) {
            case SocketTimeoutException silent ->
                "The VM said nothing for longer than shareferry.party.vm.message-timeout; see the logs of all parties.";
            case EOFException early ->
                "The VM closed the connection in the middle of the dialog; its own log says why.";
            case SSLException failed ->
                "TLS with the VM failed. Run shareferry doctor: certificates that expired, bear another name or were"
                        + " not rehashed look like this.";
            default ->
                "The VM broke the connection off. If that was during the handshake, run shareferry doctor; else see the"
                        + " VM's log.";
        };
    }
}
