package dev.tiphys.apiserver.authentication.jwt;

import dev.tiphys.apiserver.authentication.Anonymous;
import dev.tiphys.apiserver.authentication.TokenAuthenticator;
import dev.tiphys.world.World;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// The issuers whose tokens are believed, which may be replaced while the server runs.
///
/// Threads: any.
public final class ConfiguredIssuers implements TokenAuthenticator {

  private static final System.Logger LOG = System.getLogger(ConfiguredIssuers.class.getName());
  private static final Duration PERIOD = Duration.ofSeconds(10);

  private final World world;
  private volatile Issuers issuers;

  private record Issuers(AuthenticationConfiguration configuration, List<JwtTokens> all) {}

  public ConfiguredIssuers(World world, AuthenticationConfiguration configuration) {
    this.world = world;
    this.issuers = issuers(configuration);
  }

  private Issuers issuers(AuthenticationConfiguration configuration) {
    return new Issuers(
        configuration,
        configuration.jwt().stream().map(each -> new JwtTokens(world, each)).toList());
  }

  @Override
  public Verdict examine(String token, List<String> audiences) {
    for (JwtTokens issuer : issuers.all) {
      Verdict verdict = issuer.examine(token, audiences);
      if (!(verdict instanceof Verdict.Unknown)) {
        return verdict;
      }
    }
    return Verdict.UNKNOWN;
  }

  /// Which requests need not prove anything.
  public Anonymous anonymous() {
    return issuers.configuration.anonymous();
  }

  /// Goes by a file from now on: looks at it from time to time, and changes what it says. A file
  /// that can't be used changes nothing.
  ///
  /// @param own the issuers of this server's own tokens, which none may be
  /// @throws InterruptedException when it is to end
  public void follow(Path file, List<String> own) throws InterruptedException {
    World background = world.background();
    while (true) {
      background.sleep(PERIOD);
      reload(file, own);
    }
  }

  void reload(Path file, List<String> own) {
    try {
      AuthenticationConfiguration next = AuthenticationConfiguration.read(file, own);
      if (!next.equals(issuers.configuration)) {
        issuers = issuers(next);
        LOG.log(Level.INFO, "the issuers of tokens have changed: file={0}", file);
      }
    } catch (IOException | IllegalArgumentException e) {
      LOG.log(
          Level.WARNING,
          "the issuers of tokens stay as they are: file={0} error={1}",
          file,
          e.getMessage());
    }
  }
}
