// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.neighbour;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.shareferry.crypto.Bytes;
import org.shareferry.member.MemberName;
import org.shareferry.receipt.SignedReceipt;
import org.shareferry.service.batch.BatchItem;
import org.shareferry.service.batch.Outcome;
import org.shareferry.service.batch.Outcomes;
import org.shareferry.service.json.ShareferryModule;
import org.shareferry.service.neighbour.Answer.Accepted;
import org.shareferry.service.neighbour.Answer.Refused;
import org.shareferry.service.neighbour.Answer.Unavailable;
import org.shareferry.service.problem.Finality;
import org.shareferry.service.problem.Problem;
import org.shareferry.service.problem.ProblemType;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.cbor.CBORMapper;

/// What a sender makes of the answer to a batch.
class BatchAnswerTest {
    private static final CBORMapper CBOR =
            CBORMapper.builder().addModule(new ShareferryModule()).build();
    private static final AnswerReading READING = new AnswerReading(JsonMapper.shared(), CBOR);
    private static final Bytes ONE = Bytes.ascii("one");
    private static final Bytes TWO = Bytes.ascii("two");
    private static final List<BatchItem> BOTH = List.of(BatchItem.of(ONE), BatchItem.of(TWO));
    private static final Problem WRONG =
            Problem.of(ProblemType.SIGNATURE_WRONG, "It does not verify.").about(Set.of(MemberName.party(1)));

    private static BatchAnswer read(Outcomes outcomes) {
        return READING.read(BOTH, new Accepted(200, Bytes.of(CBOR.writeValueAsBytes(outcomes))));
    }

    private static Answer second(Outcome outcome) {
        var answer = read(new Outcomes(List.of(Outcome.taken(202), outcome)));
        assertThat(answer.failure()).isEmpty();
        assertThat(answer.items().getFirst()).isEqualTo(new Accepted(202, Bytes.empty()));
        return answer.items().get(1);
    }

    @Test
    void each_item_has_its_own_answer() {
        assertThat(second(Outcome.of(WRONG, TWO)))
                .isEqualTo(new Refused(422, ProblemType.SIGNATURE_WRONG.uri(), "It does not verify.", Finality.FINAL));
    }

    @Test
    void a_refusal_that_judged_another_item_is_not_final() {
        assertThat(second(Outcome.of(WRONG, ONE))).isInstanceOf(Unavailable.class);
        assertThat(second(Outcome.of(WRONG))).isInstanceOf(Unavailable.class);
    }

    @Test
    void an_item_may_be_asked_for_later() {
        var busy =
                Problem.of(ProblemType.QUOTA_USED_UP, "It has too much here.").retryAfter(Duration.ofSeconds(30));

        assertThat(second(Outcome.of(busy, TWO)))
                .isEqualTo(new Unavailable("It has too much here.", Optional.of(Duration.ofSeconds(30))));
    }

    @Test
    void an_item_without_an_outcome_was_not_judged() {
        var answer = read(new Outcomes(List.of(Outcome.taken(202))));

        assertThat(answer.failure()).isEmpty();
        assertThat(answer.items().get(0)).isInstanceOf(Accepted.class);
        assertThat(answer.items().get(1)).isInstanceOf(Unavailable.class);
    }

    @Test
    void receipts_come_with_the_outcomes() {
        var receipt = new SignedReceipt(ONE, TWO);

        assertThat(read(new Outcomes(List.of(), List.of(receipt))).receipts()).containsExactly(receipt);
    }

    @Test
    void a_problem_of_the_whole_request_refuses_no_item() {
        for (var type : ProblemType.values()) {
            var refused = new Refused(type.status().value(), type.uri(), "no way", type.finality());

            var answer = READING.read(BOTH, refused);

            assertThat(answer.failure()).contains(new Unavailable("no way", Optional.empty()));
            assertThat(answer.items()).hasSize(2).allMatch(Unavailable.class::isInstance);
        }
    }

    @Test
    void an_item_that_is_too_large_by_itself_is_refused() {
        var refused = new Refused(413, ProblemType.BODY_TOO_LARGE.uri(), "too large", Finality.CURABLE);

        assertThat(READING.read(BOTH.subList(0, 1), refused).items()).containsExactly(refused);
    }

    @Test
    void an_answer_of_another_form_is_no_outcome() {
        for (var body : List.of("", "{}", "[]", "{\"outcomes\":[{},{},{}]}", "{\"outcomes\":1}")) {
            var tree = body.isEmpty() ? Bytes.empty() : cbor(body);

            var answer = READING.read(BOTH, new Accepted(200, tree));

            assertThat(answer.failure()).as(body).isPresent();
        }
        for (var body : List.of("{\"outcomes\":[1,{\"status\":\"x\"}]}", "{\"outcomes\":[{\"status\":409},null]}")) {
            assertThat(READING.read(BOTH, new Accepted(200, cbor(body))).items())
                    .as(body)
                    .allMatch(Unavailable.class::isInstance);
        }
    }

    private static Bytes cbor(String json) {
        return Bytes.of(CBOR.writeValueAsBytes(JsonMapper.shared().readTree(json)));
    }
}
