package dev.tiphys.secrets.provider.vault;

import dev.tiphys.client.outbound.HttpTransport;
import dev.tiphys.client.outbound.Trust;
import dev.tiphys.object.Struct;
import dev.tiphys.secrets.provider.CallCounter;
import dev.tiphys.secrets.provider.References;
import dev.tiphys.world.World;
import java.time.Duration;

/// Opens sessions with Vault servers. Each server has a few requests at a time, however many
/// sessions there are.
///
/// Threads: any.
public final class Sessions {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int AT_A_TIME = 16;

  private final Slots slots = new Slots(AT_A_TIME);
  private final Duration patience;

  public Sessions() {
    this(PATIENCE);
  }

  /// @param patience how long a request may take
  Sessions(Duration patience) {
    this.patience = patience;
  }

  /// Logs in.
  ///
  /// @param vault a `provider.vault`
  /// @param spec what may have `retrySettings`
  /// @throws dev.tiphys.secrets.provider.StoreException if that cannot be
  public Session open(
      World world, HttpTransport transport, Struct vault, Struct spec, References references)
      throws InterruptedException {
    return open(world, transport, vault, spec, references, CallCounter.NONE);
  }

  /// As [#open(World, HttpTransport, Struct, Struct, References)].
  ///
  /// @param counter is told of each request
  Session open(
      World world,
      HttpTransport transport,
      Struct vault,
      Struct spec,
      References references,
      CallCounter counter)
      throws InterruptedException {
    Logins logins = new Logins(vault.struct("auth"), references);
    VaultClient client =
        new VaultClient(
            world,
            transport,
            VaultSettings.of(vault, Retries.of(spec)),
            trust(vault, logins.way(), references),
            slots,
            counter,
            patience);
    return Session.open(world, client, logins);
  }

  private static Trust trust(Struct vault, String way, References references) {
    String authorities = references.authorities(vault);
    Struct login = vault.struct("auth", "cert");
    if (way.equals("cert")) {
      String key = references.secret(login.struct("secretRef"));
      return new Trust(false, authorities, references.secret(login.struct("clientCert")), key);
    }
    Struct tls = vault.struct("tls");
    if (tls.has("certSecretRef") && tls.has("keySecretRef")) {
      String key = references.secret(tls.struct("keySecretRef"), "tls.key");
      String certificate = references.secret(tls.struct("certSecretRef"), "tls.crt");
      return new Trust(false, authorities, certificate, key);
    }
    return authorities.isEmpty() ? Trust.SYSTEM : new Trust(false, authorities, "", "");
  }
}
