// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.input;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.regex.Pattern;
import org.shareferry.delivery.DeliveryKey;
import org.shareferry.service.member.StartupException;
import org.shareferry.site.settings.ClientProperties;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/// Counts the answers in a file beside the opening keys, because a database restored from a backup has fewer of
/// them. The file is on disk before the counted answer is committed, and so before that answer is sent.
@Component
class AnswerCounter {
    private static final String NAME = "answers.counter";
    private static final Pattern FORM = Pattern.compile("([0-9]{1,18}) (\\S+)(?: (\\S+))?\n");
    private static final String NOBODY = "-";

    private final Path folder;
    private final Path file;

    @Autowired
    AnswerCounter(ClientProperties properties) {
        this(properties.keys());
    }

    AnswerCounter(Path folder) {
        this.folder = folder;
        this.file = folder.resolve(NAME);
    }

    /// The last answer that was begun.
    ///
    /// @param number of answers, including this one
    /// @param request that it answers; empty if only the number is known
    /// @param input the id of the waiting input that it uses, if any
    record Last(long number, Optional<DeliveryKey> request, Optional<String> input) {
        static Last number(long number) {
            return new Last(number, Optional.empty(), Optional.empty());
        }
    }

    /// @return empty if there is no file
    Optional<Last> read() throws IOException {
        String text;
        try {
            text = Files.readString(file);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        var form = FORM.matcher(text);
        if (!form.matches()) {
            throw new StartupException(
                    file + " is malformed. Restore the folder of opening keys from a backup, and start the service"
                            + " with --restored.");
        }
        return Optional.of(new Last(
                Long.parseLong(form.group(1)),
                form.group(2).equals(NOBODY) ? Optional.empty() : Optional.of(DeliveryKey.parse(form.group(2))),
                Optional.ofNullable(form.group(3))));
    }

    /// Returns when the new content is on disk. After a failure the file has the old or the new content.
    void write(Last last) throws IOException {
        var text =
                last.number() + " " + last.request().map(DeliveryKey::toString).orElse(NOBODY)
                        + last.input().map(id -> " " + id).orElse("") + "\n";
        var fresh = folder.resolve(NAME + ".new");
        try (var out = FileChannel.open(
                fresh, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            var bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            out.force(true);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        // The folder must be synced too, because it contains the file's name.
        try (var in = FileChannel.open(folder, StandardOpenOption.READ)) {
            in.force(true);
        }
    }
}
