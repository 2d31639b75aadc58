// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.vm;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLException;

/// Describes why a connection to the VM ended, and what to do.
final class ConnectionLoss {
    private ConnectionLoss() {}

    static String explain(IOException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateException certificate) {
                return certificate.getMessage() + ".";
            }
        }
        return switch (e) {
            case SocketTimeoutException silent ->
                "The VM sent nothing within shareferry.party.vm.message-timeout; see the logs of all parties.";
            case EOFException early -> "The VM closed the connection in the middle of the dialog; see the VM's log.";
            case SSLException failed ->
                "TLS handshake with the VM failed. Run shareferry doctor: certificates may have expired, have the"
                        + " wrong name, or need openssl rehash.";
            default ->
                "The VM reset the connection. If this happened during the TLS handshake, run shareferry doctor;"
                        + " otherwise see the VM's log.";
        };
    }
}
