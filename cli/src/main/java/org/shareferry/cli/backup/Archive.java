// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.backup;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import org.shareferry.cli.CommandException;
import org.shareferry.keys.PrivateFile;

/// A backup: a tar archive with the manifest, the manifest's digest, and the files in the manifest's order, and nothing
/// else.
///
/// @param file where it is
record Archive(Path file) {
    private static final int BUFFER = 1 << 16;

    /// Where a file's content goes.
    private interface Sink {
        OutputStream open(BackedUpFile file) throws IOException;
    }

    /// Writes a new archive that only its owner can read. When this returns, it is on disk.
    ///
    /// @param sources a copy of each file by its name
    void write(Manifest manifest, Map<String, Path> sources) throws IOException {
        try (var channel = FileChannel.open(
                file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), PrivateFile.OWNER_ONLY)) {
            var out = new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER);
            var json = manifest.toJson().getBytes(StandardCharsets.UTF_8);
            put(out, Manifest.NAME, json, manifest);
            put(out, Manifest.DIGEST_NAME, sum(json), manifest);
            for (var entry : manifest.files()) {
                out.write(TarHeader.of(entry.name(), entry.size(), manifest.time()));
                Files.copy(sources.get(entry.name()), out);
                out.write(new byte[TarHeader.padding(entry.size())]);
            }
            out.write(new byte[TarHeader.END_BLOCKS * TarHeader.BLOCK]);
            out.flush();
            channel.force(true);
        }
    }

    private static void put(OutputStream out, String name, byte[] content, Manifest manifest) throws IOException {
        out.write(TarHeader.of(name, content.length, manifest.time()));
        out.write(content);
        out.write(new byte[TarHeader.padding(content.length)]);
    }

    /// @return a line that `sha256sum --check` reads
    private static byte[] sum(byte[] manifest) {
        var digest = HexFormat.of().formatHex(sha256().digest(manifest));
        return (digest + "  " + Manifest.NAME + "\n").getBytes(StandardCharsets.US_ASCII);
    }

    /// Reads all of it.
    ///
    /// @throws CommandException when it is damaged, or not a backup that Shareferry makes
    Manifest verify() throws CommandException {
        return read(entry -> OutputStream.nullOutputStream());
    }

    /// Writes its files below a folder, all for their owner only, and onto the disk. The caller deletes the folder when
    /// this fails.
    ///
    /// @param verified what [#verify] returned
    /// @param folder empty
    /// @throws CommandException as [#verify], and when it is another archive now
    void extract(Manifest verified, Path folder) throws CommandException {
        var extracted = read(entry -> {
            var target = folder.resolve(entry.name());
            Files.createDirectories(target.getParent(), WorkFolder.OWNER_ONLY);
            return new SyncedFile(target);
        });
        if (!extracted.equals(verified)) {
            throw new CommandException(file + " was changed while it was read; nothing was restored.");
        }
    }

    private Manifest read(Sink sink) throws CommandException {
        try (var in = new BufferedInputStream(Files.newInputStream(file), BUFFER)) {
            var manifest = manifest(in);
            for (var entry : manifest.files()) {
                requireHeader(in, TarHeader.of(entry.name(), entry.size(), manifest.time()), entry.name());
                copy(in, entry, sink);
                requireZeros(in, TarHeader.padding(entry.size()));
            }
            requireZeros(in, TarHeader.END_BLOCKS * TarHeader.BLOCK);
            if (in.read() != -1) {
                throw damaged("it has something after its end");
            }
            return manifest;
        } catch (IOException e) {
            throw new CommandException(
                    file + " cannot be read, or its files cannot be written; check the path, the space and the owner.",
                    e);
        }
    }

    private Manifest manifest(InputStream in) throws IOException, CommandException {
        var header = in.readNBytes(TarHeader.BLOCK);
        long size =
                header.length < TarHeader.BLOCK ? -1 : TarHeader.size(header).orElse(-1);
        if (size < 0 || size > Manifest.LARGEST) {
            throw damaged("it does not begin with " + Manifest.NAME);
        }
        var json = in.readNBytes((int) size);
        requireZeros(in, TarHeader.padding(size));
        try {
            var manifest = Manifest.parse(new String(json, StandardCharsets.UTF_8));
            if (!Arrays.equals(header, TarHeader.of(Manifest.NAME, size, manifest.time()))) {
                throw damaged("it does not begin with " + Manifest.NAME);
            }
            var sum = sum(json);
            requireHeader(in, TarHeader.of(Manifest.DIGEST_NAME, sum.length, manifest.time()), Manifest.DIGEST_NAME);
            if (!Arrays.equals(in.readNBytes(sum.length), sum)) {
                throw damaged("the digest of " + Manifest.NAME + " differs");
            }
            requireZeros(in, TarHeader.padding(sum.length));
            return manifest;
        } catch (IllegalArgumentException e) {
            throw new CommandException(file + " is not a backup that can be restored: " + e.getMessage(), e);
        }
    }

    private void copy(InputStream in, BackedUpFile entry, Sink sink) throws IOException, CommandException {
        var digest = sha256();
        long left = entry.size();
        try (var out = new DigestOutputStream(sink.open(entry), digest)) {
            var buffer = new byte[BUFFER];
            while (left > 0) {
                int read = in.read(buffer, 0, (int) Math.min(left, buffer.length));
                if (read < 0) {
                    throw damaged("it ends within " + entry.name());
                }
                out.write(buffer, 0, read);
                left -= read;
            }
        }
        if (!HexFormat.of().formatHex(digest.digest()).equals(entry.sha256())) {
            throw damaged("the digest of " + entry.name() + " differs from the manifest");
        }
    }

    private void requireHeader(InputStream in, byte[] expected, String name) throws IOException, CommandException {
        if (!Arrays.equals(in.readNBytes(expected.length), expected)) {
            throw damaged("at the place of " + name + " it has another entry, or one with another type, owner or mode"
                    + " than backups have");
        }
    }

    private void requireZeros(InputStream in, int count) throws IOException, CommandException {
        if (!Arrays.equals(in.readNBytes(count), new byte[count])) {
            throw damaged("there is something between its files, or its end is missing");
        }
    }

    private CommandException damaged(String what) {
        return new CommandException(
                file + " is damaged, or not made by shareferry backup: " + what + "; nothing was restored.");
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256.", e);
        }
    }
}
