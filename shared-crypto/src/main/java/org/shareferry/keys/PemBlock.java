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

/// One block of a PEM file (RFC 7468). Every PEM file of the project is taken apart here: certificates, keys and trust.
///
/// Text before, between and behind blocks is skipped, whatever its encoding. A block begins at the start of a line
/// (RFC 7468 §3), perhaps behind blanks, or right behind the end of another block, as in files that were joined without
/// a line end. Lines may end in any way. Files with a byte order mark are read, UTF-16 included.
public final class PemBlock {
    /// A block that is cut short ends where the next one begins.
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

    /// ISO 8859-1 takes any bytes, and blocks themselves are ASCII.
    private static Charset charset(byte[] content) {
        boolean isUtf16 = content.length > 1
                && (content[0] == (byte) 0xfe && content[1] == (byte) 0xff
                        || content[0] == (byte) 0xff && content[1] == (byte) 0xfe);
        return isUtf16 ? StandardCharsets.UTF_16 : StandardCharsets.ISO_8859_1;
    }

    /// @return what kind it says it is, such as `CERTIFICATE`
    public String label() {
        return label;
    }

    /// @return whether it is encrypted: as PKCS #8 or, by its headers, in the older way (RFC 1421 §4.6.1.1)
    public boolean isEncrypted() {
        return label.startsWith("ENCRYPTED ") || body.contains("Proc-Type:") && body.contains("ENCRYPTED");
    }

    /// @return what it holds, which the caller closes; nothing when the block is cut short or its base64 is damaged
    public Optional<SecretBytes> der() {
        if (!isWhole || body.isBlank()) {
            return Optional.empty();
        }
        try {
            // Not the MIME decoder: it skips whatever is not base64, and would read a damaged key.
            var base64 = BLANKS.matcher(body).replaceAll("");
            return Optional.of(SecretBytes.takeOver(Base64.getDecoder().decode(base64)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /// Without the content, which may be a key.
    @Override
    public String toString() {
        return label;
    }
}
