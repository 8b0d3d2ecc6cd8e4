package dev.tiphys.cli.options;

import dev.tiphys.apiserver.audit.AuditPolicy;
import dev.tiphys.cli.machine.CliException;
import dev.tiphys.cli.roles.AuditChoice;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// What is recorded of requests and where, with upstream's words for it.
public final class AuditOptions {

  static final String VERSION = "audit.k8s.io/v1";

  @Option(
      names = "--audit-policy-file",
      paramLabel = "FILE",
      description = "A file with a Policy: what is recorded of which requests. Default: nothing.")
  private @Nullable Path policy;

  @Mixin private AuditLogOptions log = new AuditLogOptions();

  @Mixin private AuditWebhookOptions webhook = new AuditWebhookOptions();

  /// @throws CliException if it does not go together, or the file can't be used
  public AuditChoice choice() {
    try {
      return new AuditChoice(
          policy == null ? null : AuditPolicy.read(policy), log.log(), webhook.webhook());
    } catch (IllegalArgumentException e) {
      throw new CliException(String.valueOf(e.getMessage()), e);
    }
  }

  static void checkVersion(String version) {
    if (!version.equals(VERSION)) {
      throw new CliException("invalid group version, allowed versions are [\"" + VERSION + "\"]");
    }
  }
}
