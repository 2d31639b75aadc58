// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.keys;

import static java.nio.file.attribute.PosixFilePermission.GROUP_EXECUTE;
import static java.nio.file.attribute.PosixFilePermission.GROUP_READ;
import static java.nio.file.attribute.PosixFilePermission.GROUP_WRITE;
import static java.nio.file.attribute.PosixFilePermission.OTHERS_EXECUTE;
import static java.nio.file.attribute.PosixFilePermission.OTHERS_READ;
import static java.nio.file.attribute.PosixFilePermission.OTHERS_WRITE;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/// The rule for access to files with private keys or other secrets, and the creation of such files.
///
/// Only owner and group may have access. The group may have access in two cases: it is a group of this process (as
/// with Kubernetes' `fsGroup`), or the file belongs to another user, who decides about it (with a POSIX ACL the
/// group's bits are the ACL's mask). A file of this process's user that a foreign group can read is exposed. File
/// systems without POSIX permissions are not checked.
public final class PrivateFile {
    /// The permissions of a new private file, regardless of the umask.
    public static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private static final Set<PosixFilePermission> OTHERS = Set.of(OTHERS_READ, OTHERS_WRITE, OTHERS_EXECUTE);
    private static final Set<PosixFilePermission> GROUP = Set.of(GROUP_READ, GROUP_WRITE, GROUP_EXECUTE);
    private static final Set<PosixFilePermission> WRITE = Set.of(GROUP_WRITE, OTHERS_WRITE);
    private static final int STICKY = 01000;
    private static final Path THIS_PROCESS = Path.of("/proc/self");

    private PrivateFile() {}

    /// The identity of a process.
    ///
    /// @param user its effective user number
    /// @param groups its effective and supplementary group numbers
    record Process(int user, Set<Integer> groups) {}

    /// @return who has access but should not, such as `others (rw-r--r--)`; empty if the rule holds
    /// @throws IOException when the file is missing or cannot be examined
    public static Optional<String> exposure(Path file) throws IOException {
        try {
            var mode = Files.getPosixFilePermissions(file);
            if (Collections.disjoint(mode, OTHERS) && Collections.disjoint(mode, GROUP)) {
                return Optional.empty();
            }
            return exposure(mode, number(file, "unix:uid"), number(file, "unix:gid"), thisProcess());
        } catch (UnsupportedOperationException e) {
            return Optional.empty();
        }
    }

    /// Checks a file that is not secret but decides whom this member trusts: by the same rule, nobody else may
    /// write or replace it. On a read-only file system nobody can.
    ///
    /// @return who can change the file but should not, such as `everyone (rw-rw-rw-)`; empty if the rule holds
    /// @throws IOException when the file is missing or cannot be examined
    public static Optional<String> writers(Path file) throws IOException {
        try {
            var real = file.toRealPath();
            var folder = Optional.ofNullable(real.getParent());
            if (Files.getFileStore(real).isReadOnly()) {
                return Optional.empty();
            }
            var ofFile = writersOf(real);
            return ofFile.isPresent() || folder.isEmpty() || isSticky(folder.get())
                    ? ofFile
                    : writersOf(folder.get()).map(who -> who + " through its folder");
        } catch (UnsupportedOperationException e) {
            return Optional.empty();
        }
    }

    /// If the file is a link, the link and its target both count: who made the link chose the target.
    ///
    /// @return the owner, such as `user 1001`, if the file belongs neither to this process's user nor to root;
    ///     empty if it does
    /// @throws IOException when the file is missing or cannot be examined
    public static Optional<String> foreignOwner(Path file) throws IOException {
        try {
            int user = thisProcess().user();
            return IntStream.of(number(file, "unix:uid"), number(file, "unix:uid", LinkOption.NOFOLLOW_LINKS))
                    .filter(owner -> owner != 0 && owner != user)
                    .mapToObj(owner -> "user " + owner)
                    .findFirst();
        } catch (UnsupportedOperationException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> writersOf(Path path) throws IOException {
        var mode = Files.getPosixFilePermissions(path);
        var writing = EnumSet.copyOf(WRITE);
        writing.retainAll(mode);
        return writing.isEmpty()
                ? Optional.empty()
                : outsiders(writing, number(path, "unix:uid"), number(path, "unix:gid"), thisProcess())
                        .map(who -> who + text(mode));
    }

    /// In a folder with this bit only the owner of a file can replace it.
    private static boolean isSticky(Path folder) throws IOException {
        return (number(folder, "unix:mode") & STICKY) != 0;
    }

    static Optional<String> exposure(Set<PosixFilePermission> mode, int owner, int group, Process process) {
        return outsiders(mode, owner, group, process).map(who -> who + text(mode));
    }

    private static Optional<String> outsiders(Set<PosixFilePermission> mode, int owner, int group, Process process) {
        if (!Collections.disjoint(mode, OTHERS)) {
            return Optional.of("everyone");
        }
        boolean isLent = owner != process.user() || process.groups().contains(group);
        return Collections.disjoint(mode, GROUP) || isLent
                ? Optional.empty()
                : Optional.of("a group that this process is not in");
    }

    private static String text(Set<PosixFilePermission> mode) {
        return " (" + PosixFilePermissions.toString(mode) + ")";
    }

    private static int number(Path file, String attribute, LinkOption... options) throws IOException {
        return (Integer) Files.getAttribute(file, attribute, options);
    }

    /// If the kernel does not tell, no groups are assumed, which makes the rule stricter.
    private static Process thisProcess() throws IOException {
        if (!Files.isDirectory(THIS_PROCESS)) {
            return new Process(ownNumber(), Set.of());
        }
        var groups = new HashSet<Integer>();
        groups.add(number(THIS_PROCESS, "unix:gid"));
        for (var line : Files.readAllLines(THIS_PROCESS.resolve("status"))) {
            if (line.startsWith("Groups:")) {
                for (var group : line.substring("Groups:".length()).strip().split("\\s+")) {
                    if (!group.isEmpty()) {
                        groups.add(Integer.parseUnsignedInt(group));
                    }
                }
            }
        }
        return new Process(number(THIS_PROCESS, "unix:uid"), groups);
    }

    private static int ownNumber() throws IOException {
        var probe = Files.createTempFile("owner", null);
        try {
            return number(probe, "unix:uid");
        } finally {
            Files.delete(probe);
        }
    }

    /// Creates the file, empty, if it is missing, and removes excess permissions.
    ///
    /// @throws IOException when it cannot be created or changed
    public static void makeOrRestrict(Path file) throws IOException {
        try {
            if (Files.notExists(file)) {
                Files.createFile(file, OWNER_ONLY);
            }
            restrict(file);
        } catch (UnsupportedOperationException e) {
            // Not a POSIX file system; its own rules apply.
        }
    }

    /// Removes excess permissions. Does nothing if the file is missing.
    ///
    /// @throws IOException when it cannot be changed
    public static void restrict(Path file) throws IOException {
        if (Files.exists(file) && exposure(file).isPresent()) {
            Files.setPosixFilePermissions(file, OWNER_ONLY.value());
        }
    }
}
