package dev.tiphys.apiserver.authorization.abac;

import dev.tiphys.apiserver.authorization.Attributes;
import dev.tiphys.apiserver.authorization.Authorizer;
import dev.tiphys.apiserver.authorization.Decision;
import dev.tiphys.apiserver.authorization.RuleResolver;
import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.EncodingException;
import dev.tiphys.object.encoding.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The rights in a file, a line each, as JSON: what one of them allows is allowed. The file is read
/// once. See <https://kubernetes.io/docs/reference/access-authn-authz/abac/>.
///
/// Threads: any.
public final class Abac implements Authorizer, RuleResolver {

  private static final String VERSION = "abac.authorization.kubernetes.io/v1beta1";

  private final List<AbacPolicy> policies;

  private Abac(List<AbacPolicy> policies) {
    this.policies = List.copyOf(policies);
  }

  /// @throws IllegalArgumentException if a line can't be used; the message says which, and why
  /// @throws IOException if the file can't be read
  public static Abac read(Path file) throws IOException {
    List<AbacPolicy> policies = new ArrayList<>();
    int number = 0;
    for (String line : Files.readAllLines(file)) {
      number++;
      if (!line.isBlank() && !line.strip().startsWith("#")) {
        policies.add(policy(line, file, number));
      }
    }
    return new Abac(policies);
  }

  private static AbacPolicy policy(String line, Path file, int number) {
    try {
      Struct tree = Json.struct(line);
      String version = tree.string("apiVersion");
      String kind = tree.string("kind");
      if (version.isEmpty() || kind.isEmpty()) {
        return AbacPolicy.unversioned(tree);
      }
      if (!version.equals(VERSION) || !kind.equals("Policy")) {
        throw new EncodingException(
            "no kind \"%s\" is registered for version \"%s\"".formatted(kind, version));
      }
      return AbacPolicy.of(tree.struct("spec"));
    } catch (EncodingException e) {
      throw new IllegalArgumentException(
          "error reading policy file %s, line %d: %s: %s"
              .formatted(file, number, line, e.getMessage()),
          e);
    }
  }

  @Override
  public Decision decide(Attributes attributes) {
    return policies.stream().anyMatch(policy -> policy.allows(attributes))
        ? Decision.allow("")
        : Decision.noOpinion("No policy matched.");
  }

  @Override
  public Rules rulesFor(UserInfo user, String namespace) {
    List<Struct> rules = new ArrayList<>();
    for (AbacPolicy policy : policies) {
      if (policy.isFor(user)) {
        rules.addAll(policy.rules(namespace));
      }
    }
    return new Rules(rules, false, List.of());
  }
}
