// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;
import com.tngtech.archunit.lang.ArchRule;
import org.shareferry.service.fixture.ServiceRules;

@AnalyzeClasses(packages = "org.shareferry.client", importOptions = ImportOption.DoNotIncludeTests.class)
class ClientRules {
    @ArchTest
    static final ArchTests EVERY_SERVICE = ArchTests.in(ServiceRules.class);

    @ArchTest
    static final ArchRule the_inbox_knows_no_verdict = noClasses()
            .that()
            .resideInAPackage("org.shareferry.client.inbox..")
            .should()
            .dependOnClassesThat()
            .haveSimpleName("Verdict")
            .orShould()
            .dependOnClassesThat()
            .resideInAnyPackage("org.shareferry.share..", "org.shareferry.client.result..")
            .because("what the relay is answered must not depend on what is in the envelopes");

    @ArchTest
    static final ArchRule results_open_nothing = noClasses()
            .that()
            .resideInAPackage("org.shareferry.client.result..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.shareferry.seal..", "org.shareferry.client.keys..", "org.shareferry.client.inbox..")
            .because("what is shown was checked and written before");

    @ArchTest
    static final ArchRule nothing_here_seals = noClasses()
            .should()
            .dependOnClassesThat()
            .haveSimpleName("EnvelopeSealer")
            .because("a client receives");
}
