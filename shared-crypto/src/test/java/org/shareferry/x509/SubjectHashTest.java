// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.x509;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import javax.security.auth.x500.X500Principal;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Names and their hashes as the program openssl 3.0.19 printed them (`openssl x509 -subject_hash`).
class SubjectHashTest {
    @ParameterizedTest
    @CsvSource({
        // CN=C0
        "300d310b300906035504030c024330, 176c8f38",
        // CN=P0
        "300d310b300906035504030c025030, 690ad341",
        // C=DE (PrintableString), O="Some  Org ", CN=" c0  x "
        "3034310b300906035504061302444531133011060355040a0c0a536f6d6520204f7267203110300e06035504030c0720633020207820,"
                + " 40eb6519",
        // O=Müller & Söhne, CN=P1
        "302831193017060355040a0c104dc3bc6c6c657220262053c3b6686e65310b300906035504030c025031, 3a66dd70",
        // OU=b + CN=P1 in one set, emailAddress=Ops@Example.ORG (IA5String)
        "303731153008060355040b0c0162300906035504030c025031311e301c06092a864886f70d010901160f4f7073404578616d706c652e"
                + "4f5247, 294d32aa",
        // CN=Ärger T61 (T61String)
        "30143112301006035504031409c47267657220543631, f82427f9",
        // CN=Ärger BMP (BMPString)
        "301d311b301906035504031e1200c4007200670065007200200042004d0050, 3f03d763",
    })
    void the_hash_equals_that_of_openssl(String name, String hash) {
        var subject = new X500Principal(HexFormat.of().parseHex(name));

        assertThat(SubjectHash.of(subject)).isEqualTo(hash);
    }
}
