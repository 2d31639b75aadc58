// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.input;

import org.shareferry.cbor.DecoderFuzz;
import org.shareferry.cbor.MalformedException;
import org.shareferry.crypto.Bytes;

class InputStatementFuzz extends DecoderFuzz {
    InputStatementFuzz() throws Exception {
        super(Bytes.fromHex(InputStatementTest.ENCODED));
    }

    @Override
    protected Bytes again(Bytes bytes) throws MalformedException {
        return InputStatement.decode(bytes).encode();
    }
}
