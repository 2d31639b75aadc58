// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.tls;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.shareferry.crypto.Bytes;
import org.shareferry.site.trust.TrustFile;
import org.shareferry.site.trust.TrustFile.Damaged;
import org.shareferry.site.trust.TrustFile.Whole;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The entries of one file of trust that are in force. A valid file takes effect at once. A damaged file may be
/// half written, so the previous entries stay in force for a minute. They do not stay longer, because the file may
/// have been damaged when an entry was removed. After the minute only those previous entries stay that can be read
/// in the damaged file too. A damaged file never adds an entry.
///
/// @param <T> certificates that are pinned, or authorities
final class EffectiveTrust<T> {
    /// Longer than it takes to write a file of this size.
    static final Duration WRITING = Duration.ofMinutes(1);

    private static final Logger LOG = LoggerFactory.getLogger(EffectiveTrust.class);

    private List<T> inForce;
    private Bytes digest;
    private Optional<Instant> damagedSince = Optional.empty();
    private boolean isNarrowed;

    /// @param first the file as it was when the service started
    /// @param inForce its entries
    EffectiveTrust(TrustFile<T> first, List<T> inForce) {
        this.digest = first.digest();
        this.inForce = List.copyOf(inForce);
    }

    List<T> inForce() {
        return inForce;
    }

    /// @param now the file as it is now
    /// @return whether something changed: the content, or the minute has ended
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
        LOG.info("The TLS trust changed and was reloaded; it has {} entries.", all.size());
    }

    private void wait(Damaged<T> damaged, Instant moment) {
        if (damagedSince.isEmpty()) {
            damagedSince = Optional.of(moment);
        }
        LOG.warn(
                "The TLS trust changed but cannot be used; the previous one stays in force for at most {} s. {}",
                WRITING.toSeconds(),
                damaged.why());
    }

    private void narrow(Damaged<T> damaged) {
        var left = new ArrayList<>(inForce);
        left.retainAll(damaged.readable());
        LOG.error(
                "The TLS trust still cannot be used; of {} previous entries only the {} that can be read stay in"
                        + " force. {}",
                inForce.size(),
                left.size(),
                damaged.why());
        inForce = List.copyOf(left);
        isNarrowed = true;
    }
}
