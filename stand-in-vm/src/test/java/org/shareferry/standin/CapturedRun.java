// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.standin;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.shareferry.crypto.Bytes;
import org.shareferry.mpspdz.CapturedDialog;

/// A captured run of two parties: its messages, as the file has them.
///
/// @param name of its folder
record CapturedRun(String name) {
    private static final Path FOLDER = Path.of("..", "shared-crypto", "src", "test", "resources", "mpspdz");

    /// One message.
    ///
    /// @param fromVm in which direction
    record Message(boolean fromVm, byte[] content) {}

    private Path file(int party) {
        return FOLDER.resolve(name).resolve("P" + party + ".dialog");
    }

    CapturedProgram program(int party) throws Exception {
        return new CapturedProgram(CapturedDialog.parse(name, Bytes.of(Files.readAllBytes(file(party)))));
    }

    /// @param index of a message to the VM
    /// @return whether the run ends behind it or a head follows: 7 or 8 words
    boolean isLastOfAct(int party, int index) throws Exception {
        var messages = messages(party);
        boolean isLast = index + 1 == messages.size();
        int length = isLast ? 0 : messages.get(index + 1).content().length;
        int before = messages.get(index).content().length;
        return isLast || (before == 8 || !messages.get(index - 1).fromVm()) && (length == 56 || length == 64);
    }

    List<Message> messages(int party) throws Exception {
        var file = ByteBuffer.wrap(Files.readAllBytes(file(party))).order(ByteOrder.LITTLE_ENDIAN);
        var messages = new ArrayList<Message>();
        while (file.hasRemaining()) {
            boolean fromVm = file.get() == '<';
            var content = new byte[file.getInt()];
            file.get(content);
            messages.add(new Message(fromVm, content));
        }
        return messages;
    }
}
