// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.neighbour;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.shareferry.crypto.Bytes;
import org.shareferry.service.neighbour.Answer.Accepted;
import org.shareferry.service.neighbour.Answer.Refused;
import org.shareferry.service.neighbour.Answer.Unavailable;
import org.shareferry.service.problem.ContentDigest;
import org.shareferry.service.problem.Finality;
import org.shareferry.service.problem.ProblemType;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.cbor.CBORMapper;

class AnswerReadingTest {
    private static final ContentDigest SENT = ContentDigest.of(List.of(Bytes.ascii("envelope")));
    private static final ContentDigest OTHER = ContentDigest.of(List.of(Bytes.ascii("enve")));

    private static Answer read(int status, String body, Optional<ContentDigest> sent) {
        return new AnswerReading(JsonMapper.shared(), CBORMapper.shared())
                .read(status, Bytes.of(body.getBytes(StandardCharsets.UTF_8)), sent, Optional.empty());
    }

    private static String problem(String type, Optional<ContentDigest> judged) {
        var member = judged.map(digest -> ",\"judged\":\"" + digest + "\"").orElse("");
        return "{\"type\":\"" + type + "\",\"detail\":\"no\\nway\",\"new\":1" + member + "}";
    }

    private static Answer refusal(ProblemType type, Optional<ContentDigest> judged) {
        return read(type.status().value(), problem(type.uri().toString(), judged), Optional.of(SENT));
    }

    @Test
    void a_problem_of_a_final_type_that_repeats_the_digest_of_the_body_is_final() {
        assertThat(refusal(ProblemType.SIGNATURE_WRONG, Optional.of(SENT)))
                .isEqualTo(new Refused(422, ProblemType.SIGNATURE_WRONG.uri(), "no way", Finality.FINAL));
    }

    @Test
    void a_problem_that_judged_another_body_or_does_not_say_which_is_not_final() {
        assertThat(refusal(ProblemType.SIGNATURE_WRONG, Optional.of(OTHER))).isInstanceOf(Unavailable.class);
        assertThat(refusal(ProblemType.SIGNATURE_WRONG, Optional.empty())).isInstanceOf(Unavailable.class);
    }

    @ParameterizedTest
    @EnumSource(ProblemType.class)
    void no_type_but_a_final_one_is_final(ProblemType type) {
        var isFinal =
                refusal(type, Optional.of(SENT)) instanceof Refused refused && refused.finality() == Finality.FINAL;

        assertThat(isFinal).isEqualTo(type.finality() == Finality.FINAL);
    }

    @Test
    void a_problem_caused_by_a_setting_is_curable_and_needs_no_digest() {
        assertThat(refusal(ProblemType.BODY_TOO_LARGE, Optional.empty()))
                .isEqualTo(new Refused(413, ProblemType.BODY_TOO_LARGE.uri(), "no way", Finality.CURABLE));
    }

    @Test
    void a_type_of_a_newer_version_is_curable() {
        assertThat(read(422, problem("/problem-types#from-tomorrow", Optional.of(SENT)), Optional.of(SENT)))
                .isEqualTo(new Refused(422, URI.create("/problem-types#from-tomorrow"), "no way", Finality.CURABLE));
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 400, 401, 403, 404, 408, 411, 413, 421, 429, 431, 500, 502, 503})
    void an_error_of_a_container_or_a_proxy_is_never_final(int status) {
        for (var body : List.of(
                "",
                "<html>Bad Request</html>",
                "[]",
                problem("about:blank", Optional.of(SENT)),
                problem("https://example.org/blocked", Optional.of(SENT)))) {
            assertThat(read(status, body, Optional.of(SENT))).isInstanceOf(Unavailable.class);
        }
    }

    @Test
    void a_problem_with_the_own_certificate_is_retried() {
        assertThat(refusal(ProblemType.MEMBER_UNKNOWN, Optional.empty()))
                .isEqualTo(new Unavailable("it does not accept this member's certificate: no way", Optional.empty()));
    }

    @Test
    void a_request_without_a_body_is_refused_without_a_digest() {
        assertThat(read(404, problem("/problem-types#keys-unknown", Optional.empty()), Optional.empty()))
                .isInstanceOf(Refused.class);
    }

    @Test
    void success_and_retry_time_are_returned() {
        assertThat(read(202, "x", Optional.of(SENT))).isEqualTo(new Accepted(202, Bytes.ascii("x")));
        assertThat(new AnswerReading(JsonMapper.shared(), CBORMapper.shared())
                        .read(429, Bytes.empty(), Optional.of(SENT), Optional.of(Duration.ofSeconds(3))))
                .isEqualTo(new Unavailable("it responded with status 429", Optional.of(Duration.ofSeconds(3))));
    }
}
