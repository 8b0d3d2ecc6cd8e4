package dev.tiphys.cli.options;

import dev.tiphys.apiserver.admission.AdmissionFile;
import dev.tiphys.apiserver.admission.AdmissionSettings;
import dev.tiphys.cli.machine.CliException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which admission plugins are on, with upstream's words for it.
public final class AdmissionOptions {

  @Option(
      names = "--enable-admission-plugins",
      paramLabel = "NAME",
      split = ",",
      description = "Admission plugins that are to be on besides those that usually are.")
  private List<String> on = List.of();

  @Option(
      names = "--disable-admission-plugins",
      paramLabel = "NAME",
      split = ",",
      description = "Admission plugins that are to be off though they usually are on.")
  private List<String> off = List.of();

  @Option(
      names = "--admission-control-config-file",
      paramLabel = "FILE",
      description = "A file with an AdmissionConfiguration: what is set for admission plugins.")
  private @Nullable Path file;

  @Option(
      names = "--skip-webhook",
      paramLabel = "NAME",
      description =
          "An admission webhook that is never asked, for when it locks its own cluster out; can be"
              + " given several times. Each answer that this affects carries a warning.")
  private List<String> skippedWebhooks = List.of();

  /// @throws CliException if it does not go together, or the file can't be used
  public AdmissionSettings settings() {
    try {
      return new AdmissionSettings(
          Set.copyOf(on),
          Set.copyOf(off),
          file == null ? Map.of() : AdmissionFile.read(file.toAbsolutePath()),
          Set.copyOf(skippedWebhooks));
    } catch (IllegalArgumentException e) {
      throw new CliException(String.valueOf(e.getMessage()), e);
    }
  }
}
