package dev.tiphys.pki;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/// Shows, in each handshake, the credential that a client has at that moment: it may be renewed
/// while connections are open.
///
/// Threads: any.
public final class CredentialKeys extends X509ExtendedKeyManager {

  private final Supplier<Credential> current;

  /// Those that handshakes are under way with, by their alias: the number of the certificate.
  private final ConcurrentHashMap<String, Credential> shown = new ConcurrentHashMap<>();

  public CredentialKeys(Supplier<Credential> current) {
    this.current = current;
  }

  private String alias() {
    Credential now = current.get();
    String alias = now.certificate().getSerialNumber().toString();
    if (shown.putIfAbsent(alias, now) == null && shown.size() > 2) {
      shown.keySet().removeIf(old -> !old.equals(alias));
    }
    return alias;
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] types, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return alias();
  }

  @Override
  public @Nullable String chooseEngineClientAlias(
      String[] types, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
    return alias();
  }

  @Override
  public String @Nullable [] getClientAliases(String type, Principal @Nullable [] issuers) {
    return new String[] {alias()};
  }

  @Override
  public X509Certificate @Nullable [] getCertificateChain(String alias) {
    Credential credential = shown.get(alias);
    return credential == null ? null : credential.chain().toArray(X509Certificate[]::new);
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(String alias) {
    Credential credential = shown.get(alias);
    return credential == null ? null : credential.key();
  }

  @Override
  public String @Nullable [] getServerAliases(String type, Principal @Nullable [] issuers) {
    return null;
  }

  @Override
  public @Nullable String chooseServerAlias(
      String type, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return null;
  }
}
