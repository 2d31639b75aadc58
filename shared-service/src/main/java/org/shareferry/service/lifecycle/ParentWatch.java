// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.lifecycle;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Notices the end of the program that started this one. Standard input is then a pipe that only the parent
/// can write to; the operating system closes it when the parent ends, in whatever way, SIGKILL included.
final class ParentWatch implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(ParentWatch.class);

    private final InputStream pipe;
    private final Runnable stop;

    /// @param pipe that the parent holds the other end of
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
            LOG.debug("The pipe from the parent broke, which means the same as its end.", e);
        }
        LOG.info("The program that started this service has ended; the service ends too.");
        stop.run();
    }
}
