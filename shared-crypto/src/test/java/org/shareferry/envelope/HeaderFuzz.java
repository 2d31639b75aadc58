// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.envelope;

import org.shareferry.cbor.DecoderFuzz;
import org.shareferry.cbor.MalformedException;
import org.shareferry.crypto.Bytes;

class HeaderFuzz extends DecoderFuzz {
    HeaderFuzz() throws Exception {
        super(SampleHeader.start().header().encode());
    }

    @Override
    protected Bytes again(Bytes bytes) throws MalformedException {
        return Header.decode(bytes).encode();
    }
}
