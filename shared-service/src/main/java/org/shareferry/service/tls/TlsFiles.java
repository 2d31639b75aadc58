// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.tls;

import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.shareferry.crypto.Bytes;
import org.shareferry.member.MemberName;
import org.shareferry.service.member.StartupException;
import org.shareferry.site.pem.CertifiedKey;
import org.shareferry.site.settings.ServiceProperties;
import org.shareferry.site.settings.TlsProperties;
import org.shareferry.site.trust.Authority;
import org.shareferry.site.trust.NeighbourTrustManager;
import org.shareferry.site.trust.Trust;
import org.shareferry.site.trust.TrustFileException;
import org.shareferry.site.trust.TrustFiles;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;

/// This member's certificate and key, and the members that it trusts, from files. Every second the content of these
/// files is compared with what was last read. If a certificate or key becomes unusable, the previous ones stay in
/// force; [EffectiveTrust] has the rules for files of trust. If all pins are removed, nobody is trusted any more.
public final class TlsFiles {
    private static final Logger LOG = LoggerFactory.getLogger(TlsFiles.class);

    private final TlsProperties properties;
    private final MemberName own;
    private final List<String> local;
    private final Clock clock;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final TrustFiles files;
    private final EffectiveTrust<X509Certificate> pins;
    private final EffectiveTrust<Authority> authorities;
    private Bytes identity;
    private volatile KeyManager[] keys;
    private volatile Trust trust;
    private volatile SSLContext server;

    /// @throws StartupException when a file cannot be used
    TlsFiles(TlsProperties properties, ServiceProperties service, Clock clock) {
        this.properties = properties;
        this.own = service.member();
        this.local = new ArrayList<>(service.users());
        this.local.addAll(service.monitors());
        this.clock = clock;
        this.files = new TrustFiles(properties.trust(), properties.authorities());
        var firstPins = files.readPins();
        var firstAuthorities = files.readAuthorities();
        try (var content = identity()) {
            identity = content.digest();
            keys = keys(content);
            trust = files.trust(firstPins, firstAuthorities, own, local);
        } catch (UnusableException | TrustFileException e) {
            throw new StartupException(String.valueOf(e.getMessage()), e);
        }
        pins = new EffectiveTrust<>(firstPins, trust.pins());
        authorities = new EffectiveTrust<>(firstAuthorities, trust.authorities());
        server = serverContext(keys);
    }

    /// A file cannot be used; the message is for the operator.
    private static final class UnusableException extends Exception {
        private static final long serialVersionUID = 1L;

        UnusableException(String what) {
            super(what);
        }
    }

    /// @return the current trust
    public Trust trust() {
        return trust;
    }

    /// @param expected the member that must present its certificate
    /// @return a context for connections to this member, with the current key
    public SSLContext clientContext(MemberName expected) {
        return context(keys, new NeighbourTrustManager(this::trust, expected, clock));
    }

    /// @return the context for new incoming connections
    SSLContext serverContext() {
        return server;
    }

    /// @param listener called after a file or the trust in force changed
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    @Scheduled(fixedDelayString = "PT1S")
    void look() {
        // Independent of each other: new trust applies even while a new certificate still lacks its key.
        boolean hasOtherKeys = lookAtIdentity();
        boolean hasOtherTrust = lookAtTrust();
        if (hasOtherKeys || hasOtherTrust) {
            // A new context has no sessions to resume.
            server = serverContext(keys);
            listeners.forEach(Runnable::run);
        }
    }

    /// @return whether the files have changed
    private boolean lookAtIdentity() {
        try (var content = identity()) {
            if (content.digest().equals(identity)) {
                return false;
            }
            identity = content.digest();
            keys = keys(content);
            LOG.info("The TLS certificate or key changed and was reloaded.");
        } catch (UnusableException e) {
            LOG.warn(
                    "The TLS certificate or key changed but cannot be used; the previous ones stay in force. {}",
                    e.getMessage());
        }
        return true;
    }

    /// @return whether the files or the trust in force have changed
    private boolean lookAtTrust() {
        var now = clock.instant();
        boolean hasOtherPins = pins.look(files.readPins(), now);
        boolean hasOtherAuthorities = authorities.look(files.readAuthorities(), now);
        if (!hasOtherPins && !hasOtherAuthorities) {
            return false;
        }
        trust = new Trust(pins.inForce(), authorities.inForce(), own, local);
        if (trust.pins().isEmpty() && trust.authorities().isEmpty()) {
            LOG.warn("The TLS trust is empty now; nobody is trusted any more.");
        }
        return true;
    }

    private CertifiedKey.Content identity() {
        return CertifiedKey.content(properties.certificate(), properties.privateKey());
    }

    private static KeyManager[] keys(CertifiedKey.Content content) throws UnusableException {
        return switch (content.parse()) {
            case CertifiedKey.Usable usable -> usable.keyManagers();
            case CertifiedKey.Unusable unusable ->
                throw new UnusableException(unusable.file() + " cannot be used. " + unusable.why());
        };
    }

    private SSLContext serverContext(KeyManager[] own) {
        return context(own, new CallerTrustManager(this::trust, clock));
    }

    private static SSLContext context(KeyManager[] own, TrustManager others) {
        try {
            var context = SSLContext.getInstance("TLSv1.3");
            context.init(own, new TrustManager[] {others}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has TLS 1.3.", e);
        }
    }
}
