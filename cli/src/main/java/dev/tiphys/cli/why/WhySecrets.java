package dev.tiphys.cli.why;

import dev.tiphys.cli.roles.LedPart;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Reason;
import dev.tiphys.secrets.ExternalSecrets;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/// What `tiphys why` tells of ExternalSecrets, as JSON:
/// `/why/namespaces/NAMESPACE/externalsecrets/NAME`, and with `/dry-run` behind it what would
/// result now.
///
/// @param part what keeps them
public record WhySecrets(LedPart<ExternalSecrets> part)
    implements Function<String, Optional<Struct>> {

  private static final int PARTS = 6;

  /// Absent if there is no such path.
  ///
  /// @throws ApiException if there is no such object
  @Override
  public Optional<Struct> apply(String path) {
    String[] parts = path.split("/", -1);
    boolean dry = parts.length == PARTS + 1 && parts[PARTS].equals("dry-run");
    if (parts.length != PARTS && !dry
        || !parts[1].equals("why")
        || !parts[2].equals("namespaces")
        || !parts[4].equals(WhyCommand.Kind.EXTERNAL_SECRET.plural())) {
      return Optional.empty();
    }
    AtomicReference<Optional<Struct>> answer = new AtomicReference<>(Optional.empty());
    part.with(secrets -> answer.set(answer(secrets, parts[3], parts[5], dry)));
    return Optional.of(
        answer
            .get()
            .orElseThrow(
                () -> ApiException.notFound("externalsecrets.external-secrets.io", parts[5])));
  }

  private static Optional<Struct> answer(
      ExternalSecrets secrets, String namespace, String name, boolean dry) {
    try {
      return dry
          ? secrets.explanation().dryRun(namespace, name)
          : secrets.explanation().of(namespace, name);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ApiException.of(Reason.SERVICE_UNAVAILABLE, "interrupted");
    }
  }
}
