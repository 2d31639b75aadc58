// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Set;
import org.shareferry.crypto.BodyKey;
import org.shareferry.crypto.Hkdf;
import org.shareferry.crypto.Hpke;
import org.shareferry.crypto.KeyStream;
import org.shareferry.crypto.OpeningKey;
import org.shareferry.service.fixture.ServiceRules;
import org.shareferry.service.fixture.WrittenCode;

/// What the relay may depend on.
@AnalyzeClasses(packages = "org.shareferry.relay", importOptions = WrittenCode.class)
class RelayRules {
    @ArchTest
    static final ArchTests EVERY_SERVICE = ArchTests.in(ServiceRules.class);

    private static final Set<String> KEYS_THAT_OPEN = Set.of(
            Hpke.class.getName(),
            BodyKey.class.getName(),
            OpeningKey.class.getName(),
            Hkdf.class.getName(),
            KeyStream.class.getName());

    @ArchTest
    static final ArchRule depends_on_the_outside_of_envelopes_only = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.shareferry.seal..",
                    "org.shareferry.share..",
                    "org.shareferry.check..",
                    "org.shareferry.mpspdz..")
            .because("a relay that cannot open, seal or compute on shares cannot read them");

    @ArchTest
    static final ArchRule holds_no_key_that_opens_an_envelope = noClasses()
            .should()
            .dependOnClassesThat(describe(
                    "open or seal",
                    type -> KEYS_THAT_OPEN.contains(type.getName())
                            || KEYS_THAT_OPEN.stream()
                                    .anyMatch(key -> type.getName().startsWith(key + "$"))))
            .because("envelopes rest at the relay, and it must never be able to open one");
}
