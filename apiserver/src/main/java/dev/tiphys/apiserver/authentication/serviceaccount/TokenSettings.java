package dev.tiphys.apiserver.authentication.serviceaccount;

import dev.tiphys.pki.token.TokenKey;
import dev.tiphys.pki.token.TokenKeys;
import dev.tiphys.pki.token.TokenSigner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// How the tokens of service accounts are made.
///
/// @param issuers who issues them; new ones name the first, and those that name another are still
///   good
/// @param audiences those of tokens that name none: this server
/// @param signer signs new ones
/// @param keys verify them
/// @param longestLife how long a token may live; zero for as long as the client likes
/// @param extended whether a Pod's token for this server lives for a year, although it is to be
///   replaced after an hour, so that programs which read it once go on working
public record TokenSettings(
    List<String> issuers,
    List<String> audiences,
    TokenSigner signer,
    TokenKeys keys,
    Duration longestLife,
    boolean extended) {

  /// Who issues the tokens of a cluster unless something else is said.
  public static final String ISSUER = "https://kubernetes.default.svc.cluster.local";

  public TokenSettings {
    issuers = List.copyOf(issuers);
    audiences = List.copyOf(audiences);
  }

  /// Upstream's settings, with a key.
  public static TokenSettings of(TokenSigner signer) {
    return new TokenSettings(
        List.of(ISSUER),
        List.of(ISSUER),
        signer,
        new TokenKeys(List.of(signer.key())),
        Duration.ZERO,
        true);
  }

  /// The same, where tokens that another key signed are good too: one that is being replaced.
  public TokenSettings trusting(List<TokenKey> others) {
    List<TokenKey> all = new ArrayList<>(keys.all());
    others.stream().filter(key -> !all.contains(key)).forEach(all::add);
    return new TokenSettings(issuers, audiences, signer, new TokenKeys(all), longestLife, extended);
  }
}
