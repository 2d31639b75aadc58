// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.benchmarks.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.Test;
import org.shareferry.check.Challenges;
import org.shareferry.check.ChunkCheck;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.RunId;
import org.shareferry.delivery.Scheme;
import org.shareferry.member.MemberName;
import org.shareferry.share.ElementVector;
import tools.jackson.dataformat.cbor.CBORMapper;

class BatchedSharesTest {
    private static final DeliveryId FORM = new DeliveryId(new RunId(1, 2), 1_000_000);
    private static final DeliveryId ID = new DeliveryId(new RunId(1, 2), 1_234_567);

    private static ElementVector sum(List<SecretBytes> shares) throws Exception {
        var sum = ElementVector.zeros(BatchedShares.RING, shares.getFirst().size() / 16);
        for (var share : shares) {
            sum.add(ElementVector.decode(BatchedShares.RING, share));
        }
        return sum;
    }

    @Test
    void the_parties_shares_pass_the_check_together() throws Exception {
        var dealt = BatchedShares.of(3, 5);
        try (var challenges = new Challenges(SecretBytes.random(Challenges.SEED_SIZE), FORM)) {
            var elements = new ArrayList<SecretBytes>();
            for (int party = 0; party < 3; party++) {
                elements.add(SecretBytes.join(
                        dealt.elements().get(party), dealt.tail().get(party)));
            }

            var holds = ChunkCheck.holds(Scheme.BATCHED, sum(elements), challenges.ofChunk(0));

            assertThat(holds).isTrue();
        }
    }

    @Test
    void a_hand_over_has_its_id_and_as_many_chunks_as_wanted() {
        for (int chunks : List.of(1, 3)) {
            var body = new HandOverBody(
                    FORM, List.of(MemberName.party(0), MemberName.party(1)), 1, BatchedShares.of(2, 5), 5, chunks);

            var read = new CBORMapper().readTree(bytes(body.of(ID)));

            assertThat(read.path("id").asString()).isEqualTo(ID.toString());
            assertThat(read.path("count").asLong()).isEqualTo(5L * chunks);
            assertThat(read.path("chunks").size()).isEqualTo(chunks);
            assertThat(read.path("pairwiseKeys").path(0).path("party").asString())
                    .isEqualTo("P0");
        }
    }

    private static byte[] bytes(BodyPublisher publisher) {
        var subscriber = BodySubscribers.ofByteArray();
        publisher.subscribe(new Flow.Subscriber<>() {
            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                subscriber.onSubscribe(subscription);
            }

            @Override
            public void onNext(ByteBuffer item) {
                subscriber.onNext(List.of(item));
            }

            @Override
            public void onError(Throwable failure) {
                subscriber.onError(failure);
            }

            @Override
            public void onComplete() {
                subscriber.onComplete();
            }
        });
        return subscriber.getBody().toCompletableFuture().join();
    }
}
