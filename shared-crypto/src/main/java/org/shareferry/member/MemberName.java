// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.member;

import java.util.Comparator;
import java.util.regex.Pattern;
import org.shareferry.crypto.Bytes;

/// A member's name: the letter of its role and its number, as MP-SPDZ names parties and clients: `P0`, `P1`, `C0`;
/// the relay is `R0`. It is also the common name in the member's certificate.
///
/// @param role denoted by the letter
/// @param number 0 … 9999
public record MemberName(Role role, int number) implements Comparable<MemberName> {
    private static final Pattern FORM = Pattern.compile("([PRC])(0|[1-9][0-9]{0,3})");
    private static final Comparator<MemberName> ORDER =
            Comparator.comparing(MemberName::role).thenComparingInt(MemberName::number);

    public MemberName {
        if (number < 0 || number > 9999) {
            throw new IllegalArgumentException("A member's number must be 0 to 9999.");
        }
    }

    /// @return the party with this number in MP-SPDZ
    public static MemberName party(int number) {
        return new MemberName(Role.PARTY, number);
    }

    /// @return the client with this number in MP-SPDZ
    public static MemberName client(int number) {
        return new MemberName(Role.CLIENT, number);
    }

    /// @throws IllegalArgumentException when the text is not a letter P, R or C and a number without leading
    ///     zeros
    public static MemberName parse(String text) {
        var matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("A member's name must be P, R or C and a number, such as P0, R0 or C0.");
        }
        return new MemberName(roleOf(matcher.group(1).charAt(0)), Integer.parseInt(matcher.group(2)));
    }

    private static Role roleOf(char letter) {
        for (var role : Role.values()) {
            if (role.letter() == letter) {
                return role;
            }
        }
        throw new IllegalArgumentException("Unknown letter of a role: " + letter + ".");
    }

    /// @return the name in ASCII, as in hashed and signed bytes
    public Bytes toBytes() {
        return Bytes.ascii(toString());
    }

    /// Parties first, then the relay, then clients; by number within a role.
    @Override
    public int compareTo(MemberName other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return role.letter() + Integer.toString(number);
    }
}
