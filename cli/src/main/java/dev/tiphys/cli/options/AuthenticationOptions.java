package dev.tiphys.cli.options;

import dev.tiphys.apiserver.authentication.Anonymous;
import dev.tiphys.apiserver.authentication.jwt.AuthenticationConfiguration;
import dev.tiphys.apiserver.authentication.jwt.JwtSettings;
import dev.tiphys.apiserver.authentication.serviceaccount.TokenSettings;
import dev.tiphys.cli.machine.CliException;
import dev.tiphys.cli.roles.AuthenticationChoice;
import dev.tiphys.object.GoDuration;
import dev.tiphys.pki.Pem;
import dev.tiphys.pki.token.TokenKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How clients prove their identity, with upstream's words for it.
public final class AuthenticationOptions {

  @Option(
      names = "--token-auth-file",
      paramLabel = "FILE",
      description = "A file of bearer tokens: token,user,uid,\"group1,group2\".")
  private @Nullable Path tokens;

  @Option(
      names = "--anonymous-auth",
      arity = "1",
      paramLabel = "BOOL",
      description = "Whether requests need not prove anything. Default: ${DEFAULT-VALUE}.")
  private boolean anonymous = true;

  @Option(
      names = "--authentication-config",
      paramLabel = "FILE",
      description =
          "A file with an AuthenticationConfiguration; its changes count while the server runs.")
  private @Nullable Path file;

  @Option(
      names = "--oidc-issuer-url",
      paramLabel = "URL",
      description = "An OpenID Connect issuer whose tokens are believed.")
  private String issuer = "";

  @Option(
      names = "--oidc-client-id",
      paramLabel = "ID",
      description = "The client that its tokens must be for.")
  private String client = "";

  @Option(
      names = "--oidc-ca-file",
      paramLabel = "FILE",
      description = "What vouches for the issuer. Default: the system's authorities.")
  private @Nullable Path authority;

  @Option(
      names = "--oidc-username-claim",
      paramLabel = "CLAIM",
      description = "What makes the user's name. Default: ${DEFAULT-VALUE}.")
  private String username = "sub";

  @Option(
      names = "--oidc-username-prefix",
      paramLabel = "TEXT",
      description =
          "What is put before it; '-' for nothing. Default: the issuer's URL and '#', and nothing"
              + " for the claim email.")
  private @Nullable String usernamePrefix;

  @Option(
      names = "--oidc-groups-claim",
      paramLabel = "CLAIM",
      description = "What makes the user's groups. Default: nothing does.")
  private String groups = "";

  @Option(
      names = "--oidc-groups-prefix",
      paramLabel = "TEXT",
      description = "What is put before each.")
  private String groupsPrefix = "";

  @Option(
      names = "--oidc-signing-algs",
      paramLabel = "ALGORITHM",
      split = ",",
      description = "How its tokens may be signed. Default: RS256.")
  private List<String> algorithms = List.of("RS256");

  @Option(
      names = "--oidc-required-claim",
      paramLabel = "CLAIM=VALUE",
      description = "What must be so of its tokens. May be given several times.")
  private Map<String, String> required = new LinkedHashMap<>();

  @Option(
      names = "--service-account-issuer",
      paramLabel = "URL",
      description =
          "Who issues the tokens of service accounts. May be given several times: the first signs"
              + " new ones. Default: "
              + TokenSettings.ISSUER
              + ".")
  private List<String> issuers = List.of();

  @Option(
      names = "--api-audiences",
      paramLabel = "NAME",
      split = ",",
      description = "Whom tokens are for that name nobody. Default: the issuers.")
  private List<String> audiences = List.of();

  @Option(
      names = "--service-account-key-file",
      paramLabel = "FILE",
      description =
          "More keys that the tokens of service accounts may be signed with, such as the one before"
              + " the present one. May be given several times.")
  private List<Path> keys = List.of();

  @Option(
      names = "--service-account-max-token-expiration",
      paramLabel = "SPAN",
      description = "How long their tokens may live. Default: as long as is asked for.")
  private String longestLife = "0s";

  @Option(
      names = "--service-account-extend-token-expiration",
      arity = "1",
      paramLabel = "BOOL",
      description =
          "Whether the tokens of Pods live longer than they say. Default: ${DEFAULT-VALUE}.")
  private boolean extended = true;

  @Option(
      names = "--authentication-token-webhook-config-file",
      paramLabel = "FILE",
      description = "A kubeconfig by which a program is reached that knows other tokens.")
  private @Nullable Path webhook;

  @Option(
      names = "--authentication-token-webhook-version",
      paramLabel = "VERSION",
      description = "Of the review that it is sent. Default: ${DEFAULT-VALUE}.")
  private String webhookVersion = "v1beta1";

  @Option(
      names = "--authentication-token-webhook-cache-ttl",
      paramLabel = "SPAN",
      description = "How long it is remembered what it answered. Default: ${DEFAULT-VALUE}.")
  private String webhookLife = "2m0s";

  /// @throws CliException if it does not go together, or a file can't be used
  public AuthenticationChoice choice() {
    List<String> own = issuers.isEmpty() ? List.of(TokenSettings.ISSUER) : issuers;
    try {
      return new AuthenticationChoice(
          tokens,
          configuration(own),
          file,
          own,
          audiences,
          GoDuration.parse(longestLife),
          extended,
          moreKeys(),
          webhook == null
              ? null
              : new AuthenticationChoice.Webhook(
                  webhook, webhookVersion, GoDuration.parse(webhookLife)));
    } catch (IOException | IllegalArgumentException e) {
      throw new CliException("cannot authenticate as asked: " + e.getMessage(), e);
    }
  }

  private AuthenticationConfiguration configuration(List<String> own) throws IOException {
    if (file != null) {
      if (!issuer.isEmpty()) {
        throw new CliException("--authentication-config and --oidc-* cannot be given together");
      }
      return AuthenticationConfiguration.read(file, own);
    }
    if (issuer.isEmpty() != client.isEmpty()) {
      throw new CliException("--oidc-issuer-url and --oidc-client-id must be given together");
    }
    return new AuthenticationConfiguration(
        issuer.isEmpty() ? List.of() : List.of(ofFlags()),
        anonymous ? Anonymous.EVERYWHERE : Anonymous.NOWHERE);
  }

  private JwtSettings ofFlags() throws IOException {
    return JwtSettings.ofFlags(
        issuer,
        client,
        authority == null ? "" : Files.readString(authority),
        username,
        usernamePrefix,
        groups,
        groupsPrefix,
        algorithms,
        required);
  }

  private List<TokenKey> moreKeys() throws IOException {
    List<TokenKey> found = new ArrayList<>();
    for (Path each : keys) {
      Pem.publicKeys(Files.readString(each)).forEach(key -> found.add(TokenKey.of(key)));
    }
    return found;
  }
}
