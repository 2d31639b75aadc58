// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.envelope;

import java.util.List;
import org.shareferry.cbor.DecoderFuzz;
import org.shareferry.cbor.MalformedException;
import org.shareferry.crypto.Bytes;

class BundleFuzz extends DecoderFuzz {
    BundleFuzz() throws Exception {
        super(new Bundle(List.of(
                        EnvelopeTest.envelope(SampleHeader.start()),
                        EnvelopeTest.envelope(SampleHeader.start().sender(SampleHeader.P1))))
                .encode());
    }

    @Override
    protected Bytes again(Bytes bytes) throws MalformedException {
        return Bundle.decode(bytes).encode();
    }
}
