// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.run;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.cli.Run;

/// That it runs real services is tested where they are at hand.
class RunCommandTest {
    @TempDir
    Path folder;

    @Test
    void a_folder_that_init_did_not_make_is_named() {
        Run.of("run", "--dir", folder)
                .failedWith(folder.resolve("services.json").toString());
    }

    @Test
    void a_missing_member_is_named() {
        Run.of("init", "--dir", folder.resolve("site")).succeeded();

        Run.of("run", "--dir", folder.resolve("site"), "P0", "P7").failedWith("has no member P7");
    }
}
