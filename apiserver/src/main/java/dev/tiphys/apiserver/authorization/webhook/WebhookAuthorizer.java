package dev.tiphys.apiserver.authorization.webhook;

import dev.tiphys.apiserver.authorization.Attributes;
import dev.tiphys.apiserver.authorization.Attributes.Subject;
import dev.tiphys.apiserver.authorization.Authorizer;
import dev.tiphys.apiserver.authorization.Decision;
import dev.tiphys.apiserver.authorization.Decision.Verdict;
import dev.tiphys.apiserver.authorization.RuleResolver;
import dev.tiphys.apiserver.authorization.webhook.MatchConditions.Match;
import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.apiserver.webhook.Answers;
import dev.tiphys.apiserver.webhook.ReviewClient;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.world.World;
import java.io.IOException;
import java.util.List;

/// Asks another program, with a SubjectAccessReview.
///
/// Threads: any.
public final class WebhookAuthorizer implements Authorizer, RuleResolver {

  /// Answers to longer questions are not remembered.
  private static final int LONGEST = 10_000;

  private final WebhookSettings settings;
  private final ReviewClient client;
  private final MatchConditions conditions;
  private final Answers answers;

  /// @throws IOException if the kubeconfig can't be used
  /// @throws IllegalArgumentException if a condition can't be compiled
  public WebhookAuthorizer(World world, WebhookSettings settings) throws IOException {
    this.settings = settings;
    this.client = new ReviewClient(world, settings.kubeconfig(), settings.timeout());
    this.conditions = new MatchConditions(settings.conditions());
    this.answers = new Answers(world);
  }

  @Override
  public Rules rulesFor(UserInfo user, String namespace) {
    return new Rules(
        List.of(), true, List.of("webhook authorizer does not support user rule resolution"));
  }

  @Override
  public Decision decide(Attributes attributes) {
    Struct spec = ReviewSpec.of(attributes);
    return switch (conditions.of(spec)) {
      case Match.No() -> Decision.NO_OPINION;
      case Match.Unknown(String error) -> failed(error);
      case Match.Yes() -> asked(attributes, spec);
    };
  }

  private Decision failed(String error) {
    return new Decision(settings.denyOnError() ? Verdict.DENY : Verdict.NO_OPINION, "", error);
  }

  private Decision asked(Attributes attributes, Struct spec) {
    Struct status = answers.find(spec);
    if (status == null) {
      try {
        status = ask(spec);
      } catch (IOException e) {
        return failed(String.valueOf(e.getMessage()));
      }
      if (length(attributes) < LONGEST) {
        answers.keep(
            spec,
            status,
            status.bool("allowed") ? settings.authorizedLife() : settings.unauthorizedLife());
      }
    }
    return decision(status);
  }

  private static Decision decision(Struct status) {
    String reason = status.string("reason");
    boolean allowed = status.bool("allowed");
    if (status.bool("denied")) {
      return new Decision(
          Verdict.DENY,
          reason,
          allowed ? "webhook subject access review returned both allow and deny response" : "");
    }
    return allowed ? Decision.allow(reason) : Decision.noOpinion(reason);
  }

  private static int length(Attributes attributes) {
    return attributes.verb().length()
        + switch (attributes.subject()) {
          case Subject.OfPath(String path) -> path.length();
          case Subject.OfResource resource ->
              resource.group().length()
                  + resource.version().length()
                  + resource.resource().length()
                  + resource.namespace().length()
                  + resource.name().length();
        };
  }

  /// The status of the review that is answered.
  private Struct ask(Struct spec) throws IOException {
    Struct review =
        new StructBuilder()
            .add("apiVersion", "authorization.k8s.io/" + settings.version())
            .add("kind", "SubjectAccessReview")
            .add("metadata", Struct.EMPTY)
            .add("spec", settings.version().equals("v1") ? spec : withOldNames(spec))
            .add("status", Struct.of("allowed", false))
            .build();
    return client.ask(review);
  }

  /// The first version of reviews calls groups by another name.
  private static Struct withOldNames(Struct spec) {
    Object groups = spec.get("groups");
    return groups == null ? spec : spec.without("groups").with("group", groups);
  }
}
