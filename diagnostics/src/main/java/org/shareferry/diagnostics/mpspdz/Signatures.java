// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.diagnostics.mpspdz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.shareferry.crypto.Blake2b128;
import org.shareferry.crypto.Bytes;
import org.shareferry.diagnostics.finding.Area;
import org.shareferry.diagnostics.finding.Fault;
import org.shareferry.diagnostics.finding.Finding;
import org.shareferry.diagnostics.finding.Findings;
import org.shareferry.file.BoundedFile;
import org.shareferry.site.Shell;
import org.shareferry.site.pem.CertificateFile;

/// Compares certificates in several places.
final class Signatures {
    private static final Pattern LINE =
            Pattern.compile("(?:.*:)?\\s*([0-9a-f]{32}|<[^>]*>)/([0-9a-f]{32}|<[^>]*>)\\s*");

    private final List<Path> folders;

    Signatures(List<Path> folders) {
        this.folders = List.copyOf(folders);
    }

    /// @return the digest in MP-SPDZ's format
    static String of(Path folder, String name) {
        var file = folder.resolve(name + ".pem");
        try {
            var content = Bytes.of(BoundedFile.read(file, CertificateFile.LARGEST));
            return content.size() == 0 ? absent(file) : Blake2b128.of(content).toHex();
        } catch (IOException e) {
            return absent(file);
        }
    }

    private static String absent(Path file) {
        return "<'" + file + "' not found>";
    }

    List<Finding> compare() {
        var findings = new Findings(Area.MPSPDZ_FOLDER);
        var places = new TreeMap<String, LinkedHashMap<Path, String>>();
        for (var folder : folders) {
            for (var name : names(folder)) {
                places.computeIfAbsent(name, key -> new LinkedHashMap<>()).put(folder, of(folder, name));
            }
        }
        places.forEach((name, signatures) -> compare(findings, name, signatures));
        return findings.list();
    }

    private static void compare(Findings findings, String name, LinkedHashMap<Path, String> signatures) {
        var checked = name + ".pem in " + signatures.size() + " folders";
        var first = signatures.firstEntry();
        for (var other : signatures.entrySet()) {
            if (!other.getValue().equals(first.getValue())) {
                findings.add(
                        checked,
                        Fault.OTHER_CERTIFICATE,
                        name + ".pem in " + other.getKey() + " (" + other.getValue() + ") differs from that in "
                                + first.getKey() + " (" + first.getValue() + ").",
                        "cp " + Shell.word(first.getKey().resolve(name + ".pem")) + " "
                                + Shell.word(other.getKey().resolve(name + ".pem")) + " && openssl rehash "
                                + Shell.word(other.getKey()) + " # or in the other direction: the right one matches "
                                + name
                                + ".key");
                return;
            }
        }
        if (signatures.size() > 1) {
            findings.fine(checked, "is the same: " + first.getValue());
        }
    }

    private static List<String> names(Path folder) {
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.matches("[CP][0-9]{1,4}\\.pem"))
                    .map(name -> name.substring(0, name.indexOf('.')))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    List<Finding> compare(String client, String party, String line) {
        var findings = new Findings(Area.MPSPDZ_FOLDER);
        var matcher = LINE.matcher(line);
        if (!matcher.matches()) {
            findings.add(
                    "signatures of the other side",
                    Fault.SETTINGS_UNUSABLE,
                    "The line must have two signatures of 32 hex digits, separated by a slash.",
                    "shareferry doctor --mpspdz " + Shell.word(folders.getFirst()) + " --signature HEX/HEX");
            return findings.list();
        }
        compare(findings, client, matcher.group(1));
        compare(findings, party, matcher.group(2));
        return findings.list();
    }

    private void compare(Findings findings, String name, String theirs) {
        var folder = folders.getFirst();
        var ours = of(folder, name);
        var checked = name + ".pem at both sites";
        if (ours.equals(theirs)) {
            findings.fine(checked, "is the same: " + ours);
            return;
        }
        findings.add(
                checked,
                Fault.OTHER_CERTIFICATE,
                name + ".pem here (" + ours + ") differs from that at the other site (" + theirs + ").",
                "scp " + name + "S-HOST:Player-Data/" + name + ".pem " + Shell.word(folder) + "/ && openssl rehash "
                        + Shell.word(folder) + " # from where " + name + ".key is, to all other hosts");
    }
}
