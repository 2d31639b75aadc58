// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.handover;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Optional;
import org.shareferry.crypto.Bytes;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Scheme;
import org.shareferry.member.MemberName;

/// The form of a hand-over, for the API's document alone: bodies are read as a stream and never become this.
@Schema(name = "HandOver")
record HandOverDocument(
        @Schema(description = "Run id and sequence number; used once")
        DeliveryId id,

        @Schema(description = "The client", example = "C0") MemberName recipient,
        DomainDocument domain,

        @Schema(description = "additive, triple, quintuple or batched")
        Scheme scheme,

        @Schema(description = "f: a value is an integer / 2^f", defaultValue = "0")
        Optional<Integer> precision,

        @Schema(
                description =
                        "A number of the application's, 64 bits signed. Browsers, Node's JSON.parse and jq round beyond 2^53",
                defaultValue = "0")
        Optional<Long> label,

        @Schema(description = "Values in all") long count,

        @Schema(description = "Values in every chunk but the last", defaultValue = "4096")
        Optional<Integer> valuesPerChunk,

        @Schema(
                description =
                        "Whether all of the protocol's own checks, such as of MACs, had run before the shares left"
                                + " the VM; false for a protocol that has none",
                defaultValue = "false")
        Optional<Boolean> macsChecked,

        @Schema(
                description = "t: how many corrupt parties the protocol bears (`get_threshold()`); the most that it can"
                        + " bear when absent")
        Optional<Integer> threshold,

        @Schema(
                description = "The digest of the program that ran, on which its parties agreed: 32 bytes in lower-case"
                        + " hex; as configured (shareferry.party.program) when absent")
        Optional<String> program,

        @Schema(description = "All parties of the sum; as configured when absent")
        Optional<List<MemberName>> parties,

        @Schema(
                description =
                        "With every other party: shares are re-randomised with them. Without keys the envelopes say that"
                                + " shares were not re-randomised, and the client never shows VERIFIED")
        Optional<List<KeyDocument>> pairwiseKeys,

        @Schema(description = "The last property") List<ChunkDocument> chunks) {

    @Schema(name = "Domain")
    record DomainDocument(
            @Schema(allowableValues = {"ring", "prime"}) String type,
            Optional<Integer> shareBits,
            Optional<Integer> clearBits,

            @Schema(description = "Of a prime field, in decimal")
            Optional<String> modulus) {}

    @Schema(name = "PairwiseKey")
    record KeyDocument(
            MemberName party,

            @Schema(description = "16 bytes that we made for the other party")
            Bytes made,

            @Schema(description = "16 bytes that it made for us")
            Bytes received) {}

    @Schema(name = "Chunk")
    record ChunkDocument(
            @Schema(description = "Shares as MP-SPDZ writes them, interleaved per value")
            Bytes elements,

            @Schema(description = "In batched: shares of r, v and u")
            Optional<Bytes> tail) {}
}
