package dev.tiphys.apiserver.admission.expression;

import dev.tiphys.apiserver.authorization.Attributes;
import dev.tiphys.apiserver.authorization.Attributes.Selectors;
import dev.tiphys.apiserver.authorization.Attributes.Subject;
import dev.tiphys.apiserver.authorization.Authorizer;
import dev.tiphys.apiserver.authorization.Decision;
import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.object.selector.FieldSelector;
import dev.tiphys.object.selector.LabelSelector;
import dev.tiphys.object.selector.Requirement;
import dev.tiphys.schema.expressions.Access;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What the user of a request may do, or a service account. What was asked once is known.
///
/// Threads: one.
public final class UserAccess implements Access {

  private final Authorizer authorizer;
  private final UserInfo user;
  private final Map<Question, Answer> answers = new HashMap<>();

  public UserAccess(Authorizer authorizer, UserInfo user) {
    this.authorizer = authorizer;
    this.user = user;
  }

  @Override
  public Answer ask(Question question) {
    return answers.computeIfAbsent(question, this::decide);
  }

  private Answer decide(Question question) {
    Decision decision =
        authorizer.decide(
            new Attributes(
                user(question.account()),
                question.verb(),
                subject(question),
                selectors(question.resource())));
    return new Answer(decision.isAllowed(), decision.reason(), decision.error());
  }

  private UserInfo user(String account) {
    if (account.isEmpty()) {
      return user;
    }
    int colon = account.indexOf(':');
    String namespace = account.substring(0, colon);
    return UserInfo.of(
        UserInfo.serviceAccountName(namespace, account.substring(colon + 1)),
        UserInfo.SERVICE_ACCOUNTS,
        UserInfo.SERVICE_ACCOUNTS + ":" + namespace);
  }

  private static Subject subject(Question question) {
    Resource it = question.resource();
    return question.path().isEmpty()
        ? new Subject.OfResource(
            it.group(), "*", it.plural(), it.subresource(), it.namespace(), it.name())
        : new Subject.OfPath(question.path());
  }

  /// Selectors that can't be read are left out: the question is then about more.
  private static Selectors selectors(Resource resource) {
    List<FieldSelector.Term> fields = List.of();
    List<Requirement> labels = List.of();
    try {
      fields = FieldSelector.parse(resource.fields()).terms();
    } catch (IllegalArgumentException e) {
      // left out
    }
    try {
      labels = LabelSelector.parse(resource.labels()).requirements();
    } catch (IllegalArgumentException e) {
      // left out
    }
    return new Selectors(fields, labels);
  }
}
