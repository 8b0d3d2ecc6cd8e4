package dev.tiphys.apiserver.authentication;

import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.apiserver.webhook.Answers;
import dev.tiphys.apiserver.webhook.ReviewClient;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.world.World;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Tokens that another program knows, which is asked with a TokenReview. See
/// <https://kubernetes.io/docs/reference/access-authn-authz/authentication/#webhook-token-authentication>.
///
/// Threads: any.
public final class WebhookTokens implements TokenAuthenticator {

  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final ReviewClient client;
  private final Answers answers;
  private final String version;
  private final Duration life;
  private final List<String> own;

  /// @param kubeconfig where the program is, and with which credentials to reach it
  /// @param version of the review that it is sent: `v1` or `v1beta1`
  /// @param life how long it is remembered what it answered
  /// @param own who this server is: programs that know nothing of audiences mean it
  /// @throws IOException if the kubeconfig can't be used
  public WebhookTokens(
      World world, Path kubeconfig, String version, Duration life, List<String> own)
      throws IOException {
    this.client = new ReviewClient(world, kubeconfig, TIMEOUT);
    this.answers = new Answers(world);
    this.version = version;
    this.life = life;
    this.own = List.copyOf(own);
  }

  @Override
  public Verdict examine(String token, List<String> audiences) {
    Struct spec = Struct.of("token", token, "audiences", audiences);
    Struct status = answers.find(spec);
    if (status == null) {
      try {
        status = client.ask(review(spec));
      } catch (IOException e) {
        return new Verdict.Refused(String.valueOf(e.getMessage()));
      }
      answers.keep(spec, status, life);
    }
    if (!status.bool("authenticated")) {
      String error = status.string("error");
      return error.isEmpty() ? Verdict.UNKNOWN : new Verdict.Refused(error);
    }
    List<String> named = status.strings("audiences");
    List<String> meant = named.isEmpty() ? own : named;
    List<String> common = audiences.stream().filter(meant::contains).toList();
    return common.isEmpty() ? Verdict.UNKNOWN : new Verdict.Of(user(status.struct("user")), common);
  }

  private Struct review(Struct spec) {
    return new StructBuilder()
        .add("apiVersion", "authentication.k8s.io/" + version)
        .add("kind", "TokenReview")
        .add("metadata", Struct.EMPTY)
        .add("spec", spec)
        .add("status", Struct.of("user", Struct.EMPTY))
        .build();
  }

  private static UserInfo user(Struct user) {
    Map<String, List<String>> extra = new HashMap<>();
    Struct given = user.struct("extra");
    given.names().forEach(key -> extra.put(key, given.strings(key)));
    return new UserInfo(user.string("username"), user.string("uid"), user.strings("groups"), extra);
  }
}
