// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.receipt;

import org.shareferry.cbor.DecoderFuzz;
import org.shareferry.cbor.MalformedException;
import org.shareferry.crypto.Bytes;

class ReceiptFuzz extends DecoderFuzz {
    ReceiptFuzz() throws Exception {
        super(ReceiptTest.sample().encode());
    }

    @Override
    protected Bytes again(Bytes bytes) throws MalformedException {
        return Receipt.decode(bytes).encode();
    }
}
