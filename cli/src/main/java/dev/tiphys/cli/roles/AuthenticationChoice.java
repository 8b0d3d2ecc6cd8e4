package dev.tiphys.cli.roles;

import dev.tiphys.apiserver.ApiServer;
import dev.tiphys.apiserver.authentication.Authentication;
import dev.tiphys.apiserver.authentication.Authenticator;
import dev.tiphys.apiserver.authentication.TokenAuthenticator;
import dev.tiphys.apiserver.authentication.TokenFile;
import dev.tiphys.apiserver.authentication.WebhookTokens;
import dev.tiphys.apiserver.authentication.jwt.AuthenticationConfiguration;
import dev.tiphys.apiserver.authentication.jwt.ConfiguredIssuers;
import dev.tiphys.apiserver.authentication.serviceaccount.TokenSettings;
import dev.tiphys.cli.machine.CliException;
import dev.tiphys.pki.token.TokenKey;
import dev.tiphys.pki.token.TokenSigner;
import dev.tiphys.world.World;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How the clients of an API server prove their identity, besides certificates.
///
/// @param tokens a file of bearer tokens
/// @param configuration other issuers of tokens, and who may be anonymous
/// @param file where these stand, to be followed; null if they stand in no file
/// @param issuers who issues the tokens of service accounts
/// @param audiences those of such tokens that name none; empty for the issuers
/// @param longestLife how long they may live; zero for as long as the client likes
/// @param extended whether those of Pods live longer than they say
/// @param keys what else they may be signed with
/// @param webhook what knows other tokens; null if nothing does
public record AuthenticationChoice(
    @Nullable Path tokens,
    AuthenticationConfiguration configuration,
    @Nullable Path file,
    List<String> issuers,
    List<String> audiences,
    Duration longestLife,
    boolean extended,
    List<TokenKey> keys,
    @Nullable Webhook webhook) {

  /// A program that knows tokens.
  ///
  /// @param kubeconfig where it is
  /// @param version of the review that it is sent
  /// @param life how long it is remembered what it answered
  public record Webhook(Path kubeconfig, String version, Duration life) {}

  public AuthenticationChoice {
    issuers = List.copyOf(issuers);
    audiences = List.copyOf(audiences);
    keys = List.copyOf(keys);
  }

  TokenSettings settings(TokenSigner signer) {
    TokenSettings usual = TokenSettings.of(signer).trusting(keys);
    return new TokenSettings(
        issuers,
        audiences.isEmpty() ? issuers : audiences,
        signer,
        usual.keys(),
        longestLife,
        extended);
  }

  /// @param requests what authenticates requests without tokens
  Authentication of(World world, ApiServer server, List<Authenticator> requests) {
    ConfiguredIssuers others = new ConfiguredIssuers(world, configuration);
    if (file != null) {
      server.followAuthentication(others, file);
    }
    List<TokenAuthenticator> kinds = new ArrayList<>();
    if (tokens != null) {
      try {
        kinds.add(new TokenFile(tokens));
      } catch (IOException e) {
        throw new CliException("cannot use the token file " + tokens + ": " + e.getMessage(), e);
      }
    }
    kinds.add(others);
    if (webhook != null) {
      kinds.add(asked(world, webhook));
    }
    return server.authentication(requests, kinds, others::anonymous);
  }

  private TokenAuthenticator asked(World world, Webhook program) {
    try {
      return new WebhookTokens(
          world,
          program.kubeconfig,
          program.version,
          program.life,
          audiences.isEmpty() ? issuers : audiences);
    } catch (IOException e) {
      throw new CliException("cannot ask the authentication webhook: " + e.getMessage(), e);
    }
  }
}
