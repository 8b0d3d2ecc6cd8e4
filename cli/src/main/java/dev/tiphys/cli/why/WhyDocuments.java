package dev.tiphys.cli.why;

import dev.tiphys.client.Api;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Function;

/// What `tiphys why` tells, as JSON under paths of its own: `/why/namespaces/NAMESPACE/pods/NAME`,
/// and the same with `deployments` and the plurals of other workloads.
///
/// Threads: any. An answer may be waited for.
public final class WhyDocuments implements Function<String, Optional<Struct>> {

  private final Decisions decisions;
  private final Rollout rollouts;

  /// The scheduler's decisions.
  public interface Decisions {

    /// What was decided about a Pod; absent if the scheduler has nothing to do with it.
    ///
    /// @throws ApiException if no scheduler answers
    Optional<Struct> of(String namespace, String pod);
  }

  /// @param api where rollouts are looked at
  public WhyDocuments(Api api, Decisions decisions) {
    this.decisions = decisions;
    this.rollouts = new Rollout(api, decisions);
  }

  /// Where a question is answered.
  static String path(String namespace, WhyCommand.Question question) {
    return "/why/namespaces/"
        + escaped(namespace)
        + "/"
        + question.kind().plural()
        + "/"
        + escaped(question.name());
  }

  /// No name of an object needs this; what was typed may be anything.
  private static String escaped(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8);
  }

  /// Absent if there is no such path.
  ///
  /// @throws ApiException if there is no such object
  @Override
  public Optional<Struct> apply(String path) {
    String[] parts = path.split("/", -1);
    if (parts.length != 6 || !parts[1].equals("why") || !parts[2].equals("namespaces")) {
      return Optional.empty();
    }
    if (parts[4].equals("pods")) {
      return Optional.of(found(decisions.of(parts[3], parts[5]), "pods", parts[5]));
    }
    return Workload.of(parts[4])
        .map(
            workload ->
                found(
                    rollouts.answer(workload, parts[3], parts[5]),
                    workload.resource().toString(),
                    parts[5]));
  }

  private static Struct found(Optional<Struct> answer, String resource, String name) {
    return answer.orElseThrow(() -> ApiException.notFound(resource, name));
  }
}
