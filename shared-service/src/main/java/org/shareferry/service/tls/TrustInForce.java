// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.tls;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.shareferry.crypto.Bytes;
import org.shareferry.trust.TrustFile;
import org.shareferry.trust.TrustFile.Damaged;
import org.shareferry.trust.TrustFile.Whole;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What is in force of one file of trust. A file that is whole is in force at once. One that is damaged may be on its
/// way, so the former content stays in force for a minute, and no longer: it may have been damaged while somebody was
/// taken out of it. After that, those remain who were in force before and can be read in the damaged file too. Nobody
/// is added by a damaged file.
///
/// @param <T> certificates that are pinned, or authorities
final class TrustInForce<T> {
    /// Longer than anybody takes to write a file of this size.
    static final Duration WRITING = Duration.ofMinutes(1);

    private static final Logger LOG = LoggerFactory.getLogger(TrustInForce.class);

    private List<T> inForce;
    private Bytes digest;
    private Optional<Instant> damagedSince = Optional.empty();
    private boolean isNarrowed;

    /// @param first the file as it was when the service started
    /// @param inForce what it held
    TrustInForce(TrustFile<T> first, List<T> inForce) {
        this.digest = first.digest();
        this.inForce = List.copyOf(inForce);
    }

    List<T> inForce() {
        return inForce;
    }

    /// @param now the file as it is now
    /// @return whether there is something new: another content, or a minute that is over
    boolean look(TrustFile<T> now, Instant moment) {
        boolean isChanged = !digest.equals(now.digest());
        boolean isOver = damagedSince
                .filter(since -> !moment.isBefore(since.plus(WRITING)))
                .isPresent();
        if (!isChanged && (!isOver || isNarrowed)) {
            return false;
        }
        digest = now.digest();
        switch (now.content().get()) {
            case Whole<T> whole -> take(whole.all());
            case Damaged<T> damaged when isOver -> narrow(damaged);
            case Damaged<T> damaged -> wait(damaged, moment);
        }
        return true;
    }

    private void take(List<T> all) {
        inForce = all;
        damagedSince = Optional.empty();
        isNarrowed = false;
        LOG.info("Our TLS trust changed and was read again; it has {} entries.", all.size());
    }

    private void wait(Damaged<T> damaged, Instant moment) {
        if (damagedSince.isEmpty()) {
            damagedSince = Optional.of(moment);
        }
        LOG.warn(
                "Our TLS trust changed and cannot be used; the former one stays in force for {} s at most. {}",
                WRITING.toSeconds(),
                damaged.why());
    }

    private void narrow(Damaged<T> damaged) {
        var left = new ArrayList<>(inForce);
        left.retainAll(damaged.readable());
        LOG.error(
                "Our TLS trust still cannot be used; of {} former entries only those {} that can be read stay in force."
                        + " {}",
                inForce.size(),
                left.size(),
                damaged.why());
        inForce = List.copyOf(left);
        isNarrowed = true;
    }
}
