// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.lifecycle;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Detects the end of the parent process. Standard input is a pipe whose other end only the parent holds. The
/// operating system closes it when the parent ends, even by SIGKILL.
final class ParentWatch implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(ParentWatch.class);

    private final InputStream pipe;
    private final Runnable stop;

    /// @param pipe whose other end the parent holds
    /// @param stop what to do once the parent has ended
    ParentWatch(InputStream pipe, Runnable stop) {
        this.pipe = pipe;
        this.stop = stop;
    }

    /// Blocks until the parent has ended.
    @Override
    public void run() {
        try {
            pipe.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            LOG.debug("Reading from the parent's pipe failed; treated as its end.", e);
        }
        LOG.info("The parent process has ended; stopping this service.");
        stop.run();
    }
}
