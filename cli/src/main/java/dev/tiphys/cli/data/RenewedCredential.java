package dev.tiphys.cli.data;

import dev.tiphys.pki.Credential;
import dev.tiphys.world.World;
import java.time.Instant;
import java.util.function.Supplier;

/// A key with its certificate, which is another one once the first nears its end.
///
/// Threads: any.
public final class RenewedCredential implements Supplier<Credential> {

  private final World world;
  private final Supplier<Credential> source;
  private volatile Credential current;

  /// @param source gives the present one, or makes a new one when it is time
  RenewedCredential(World world, Supplier<Credential> source) {
    this.world = world;
    this.source = source;
    this.current = source.get();
  }

  @Override
  public Credential get() {
    Credential known = current;
    Instant end = known.certificate().getNotAfter().toInstant();
    return end.isAfter(world.now().plus(Certificates.RENEWED_BEFORE)) ? known : renewed();
  }

  private synchronized Credential renewed() {
    current = source.get();
    return current;
  }
}
