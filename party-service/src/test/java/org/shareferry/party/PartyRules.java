// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;
import com.tngtech.archunit.lang.ArchRule;
import org.shareferry.service.fixture.ServiceRules;
import org.shareferry.service.fixture.WrittenCode;

@AnalyzeClasses(packages = "org.shareferry.party", importOptions = WrittenCode.class)
class PartyRules {
    @ArchTest
    static final ArchTests EVERY_SERVICE = ArchTests.in(ServiceRules.class);

    @ArchTest
    static final ArchRule only_the_seal_feature_seals = noClasses()
            .that()
            .resideOutsideOfPackage("org.shareferry.party.seal..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.shareferry.seal..")
            .because("plain shares become envelopes in one place");

    @ArchTest
    static final ArchRule nothing_here_opens_envelopes = noClasses()
            .should()
            .dependOnClassesThat()
            .haveSimpleName("EnvelopeOpener")
            .orShould()
            .dependOnClassesThat()
            .haveSimpleName("OpeningKey")
            .because("only the client can open what is sealed to it");

    @ArchTest
    static final ArchRule storage_knows_no_plain_share = noClasses()
            .that()
            .resideInAnyPackage(
                    "org.shareferry.party.outbox..",
                    "org.shareferry.party.submission..",
                    "org.shareferry.party.status..")
            .should()
            .dependOnClassesThat()
            .haveSimpleName("SecretBytes")
            .orShould()
            .dependOnClassesThat()
            .resideInAPackage("org.shareferry.share..")
            .because("what is stored, sent and shown has been sealed before");

    @ArchTest
    static final ArchRule the_core_of_a_hand_over_needs_no_http = classes()
            .that()
            .resideInAPackage("org.shareferry.party.handover")
            .should()
            .onlyDependOnClassesThat()
            .resideOutsideOfPackages(
                    "org.shareferry.party.handover.rest..",
                    "org.shareferry.service.problem..",
                    "org.springframework.web..",
                    "org.springframework.http..",
                    "jakarta.servlet..",
                    "tools.jackson..")
            .because("a VM hands over through the same core");
}
