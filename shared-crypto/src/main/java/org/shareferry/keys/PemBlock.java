// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.keys;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.shareferry.crypto.SecretBytes;

/// One block of a PEM file (RFC 7468). All PEM files of the project are parsed here: certificates, keys and trust.
///
/// Text outside of blocks is skipped, in any encoding. A block begins at the start of a line (RFC 7468 §3),
/// optionally after blanks, or directly after the end of another block, as in files that were concatenated without
/// a line end. All kinds of line ends are accepted, and byte order marks including UTF-16.
public final class PemBlock {
    /// A truncated block ends where the next one begins.
    private static final Pattern BLOCK = Pattern.compile(
            "(?:\\G|(?<=[\r\n]))[ \t]*-----BEGIN ([A-Z0-9 ]{1,40})-----(.*?)"
                    + "(-----END \\1-----|(?=[\r\n][ \t]*-----BEGIN )|\\z)",
            Pattern.DOTALL);
    private static final String UTF_8_MARK = "\u00ef\u00bb\u00bf";
    private static final Pattern BLANKS = Pattern.compile("\\s+");

    private final String label;
    private final String body;
    private final boolean isWhole;

    private PemBlock(String label, String body, boolean isWhole) {
        this.label = label;
        this.body = body;
        this.isWhole = isWhole;
    }

    /// @param content of a whole file
    /// @return its blocks, in order
    public static List<PemBlock> in(byte[] content) {
        var text = new String(content, charset(content));
        var matcher = BLOCK.matcher(text.startsWith(UTF_8_MARK) ? text.substring(UTF_8_MARK.length()) : text);
        var blocks = new ArrayList<PemBlock>();
        while (matcher.find()) {
            blocks.add(new PemBlock(
                    matcher.group(1), matcher.group(2), !matcher.group(3).isEmpty()));
        }
        return blocks;
    }

    /// ISO 8859-1 accepts all bytes, and blocks are ASCII.
    private static Charset charset(byte[] content) {
        boolean isUtf16 = content.length > 1
                && (content[0] == (byte) 0xfe && content[1] == (byte) 0xff
                        || content[0] == (byte) 0xff && content[1] == (byte) 0xfe);
        return isUtf16 ? StandardCharsets.UTF_16 : StandardCharsets.ISO_8859_1;
    }

    /// @return the label, such as `CERTIFICATE`
    public String label() {
        return label;
    }

    /// @return whether it is encrypted: in PKCS #8 or, by its headers, in the older format (RFC 1421 §4.6.1.1)
    public boolean isEncrypted() {
        return label.startsWith("ENCRYPTED ") || body.contains("Proc-Type:") && body.contains("ENCRYPTED");
    }

    /// @return the content, which the caller closes; empty if the block is truncated or its base64 is damaged
    public Optional<SecretBytes> der() {
        if (!isWhole || body.isBlank()) {
            return Optional.empty();
        }
        try {
            // Not the MIME decoder, which skips invalid characters and would accept a damaged key.
            var base64 = BLANKS.matcher(body).replaceAll("");
            return Optional.of(SecretBytes.takeOver(Base64.getDecoder().decode(base64)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /// Does not print the content, which may be a key.
    @Override
    public String toString() {
        return label;
    }
}
