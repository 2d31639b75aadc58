// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.envelope;

import org.shareferry.cbor.DecoderFuzz;
import org.shareferry.cbor.MalformedException;
import org.shareferry.crypto.Bytes;

class EnvelopeFuzz extends DecoderFuzz {
    EnvelopeFuzz() throws Exception {
        super(EnvelopeTest.envelope(SampleHeader.start()).encode());
    }

    @Override
    protected Bytes again(Bytes bytes) throws MalformedException {
        return Envelope.decode(bytes).encode();
    }
}
