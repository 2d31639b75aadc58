// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.handover.rest;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Optional;
import org.shareferry.crypto.Bytes;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Scheme;
import org.shareferry.member.MemberName;

/// The schema of a hand-over, for the OpenAPI document only: bodies are read as a stream and never become this
/// record.
@Schema(name = "HandOver")
record HandOverDocument(
        @Schema(description = "Run id and sequence number; each id can be used once")
        DeliveryId id,

        @Schema(description = "The client", example = "C0") MemberName recipient,
        DomainDocument domain,

        @Schema(description = "additive, triple, quintuple or batched")
        Scheme scheme,

        @Schema(description = "f: a value is an integer / 2^f", defaultValue = "0")
        Optional<Integer> precision,

        @Schema(
                description = "A number chosen by the application, 64 bits, signed. Browsers, Node's JSON.parse and jq"
                        + " round integers above 2^53",
                defaultValue = "0")
        Optional<Long> label,

        @Schema(description = "Number of values") long count,

        @Schema(description = "Number of values in every chunk except the last", defaultValue = "4096")
        Optional<Integer> valuesPerChunk,

        @Schema(
                description = "Whether all of the protocol's own checks, such as MAC checks, had run before the shares"
                        + " left the VM; false for a protocol without checks",
                defaultValue = "false")
        Optional<Boolean> macsChecked,

        @Schema(
                description = "t: the number of corrupt parties that the protocol tolerates (`get_threshold()`)."
                        + " Default: the maximum for the protocol")
        Optional<Integer> threshold,

        @Schema(
                description = "The digest of the program, as agreed by its parties: 32 bytes in lower-case hex."
                        + " Default: shareferry.party.program")
        Optional<String> program,

        @Schema(description = "All parties whose shares add up to the values. Default: shareferry.party.parties")
        Optional<List<MemberName>> parties,

        @Schema(
                description = "One pair with every other party, to re-randomise the shares. Without pairwise keys the"
                        + " result is never VERIFIED")
        Optional<List<KeyDocument>> pairwiseKeys,

        @Schema(description = "Must be the last property") List<ChunkDocument> chunks) {

    @Schema(name = "Domain")
    record DomainDocument(
            @Schema(allowableValues = {"ring", "prime"}) String type,
            Optional<Integer> shareBits,
            Optional<Integer> clearBits,

            @Schema(description = "The prime of a prime field, in decimal")
            Optional<String> modulus) {}

    @Schema(name = "PairwiseKey")
    record KeyDocument(
            MemberName party,

            @Schema(description = "16 random bytes that this party made for the other one")
            Bytes made,

            @Schema(description = "16 random bytes that the other party made for this one")
            Bytes received) {}

    @Schema(name = "Chunk")
    record ChunkDocument(
            @Schema(description = "Shares as MP-SPDZ writes them, interleaved per value")
            Bytes elements,

            @Schema(description = "Only in batched: shares of r, v and u")
            Optional<Bytes> tail) {}
}
