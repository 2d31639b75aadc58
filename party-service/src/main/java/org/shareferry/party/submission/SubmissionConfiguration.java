// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.submission;

import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Makes the work known to db-scheduler.
@Configuration(proxyBeanMethods = false)
class SubmissionConfiguration {
    @Bean
    OneTimeTask<String> submitEnvelopesTask(Submissions submissions) {
        return submissions.submitting().task();
    }

    @Bean
    OneTimeTask<String> collectReceiptsTask(Submissions submissions) {
        return submissions.collecting().task();
    }
}
