package dev.tiphys.cli.rollouts;

import dev.tiphys.cli.machine.CliException;
import dev.tiphys.cli.options.ManifestFiles;
import dev.tiphys.client.ApiResource;
import dev.tiphys.delivery.model.DeliveryResources;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.Meta;
import dev.tiphys.schema.GroupVersion;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `create`: objects from files, or an analysis from a template.
@Command(
    name = "create",
    description = "Creates rollouts, experiments and analyses from files.",
    mixinStandardHelpOptions = true)
final class CreateCommand implements Runnable {

  private static final List<ApiResource> RESOURCES =
      List.of(
          DeliveryResources.ROLLOUTS,
          DeliveryResources.EXPERIMENTS,
          DeliveryResources.ANALYSIS_TEMPLATES,
          DeliveryResources.CLUSTER_ANALYSIS_TEMPLATES,
          DeliveryResources.ANALYSIS_RUNS);

  @Option(
      names = {"-f", "--filename"},
      paramLabel = "FILE",
      description = "Files with the objects.")
  private List<String> files = new ArrayList<>();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    if (files.isEmpty()) {
      throw new ParameterException(spec.commandLine(), "a file is needed: --filename");
    }
    Session session = ArgoRolloutsCommand.session(spec);
    for (Struct object : ManifestFiles.read(files)) {
      ApiResource resource = resource(object);
      Struct created = session.api().create(resource, placed(session, resource, object));
      tell(resource, created);
    }
  }

  private static ApiResource resource(Struct object) {
    for (ApiResource each : RESOURCES) {
      if (each.apiVersion().equals(object.string("apiVersion"))
          && each.kind().equals(object.string("kind"))) {
        return each;
      }
    }
    throw new CliException(
        "creates of %s/%s unsupported"
            .formatted(
                GroupVersion.parse(object.string("apiVersion")).group(), object.string("kind")));
  }

  private static Struct placed(Session session, ApiResource resource, Struct object) {
    return resource.namespaced() && Meta.of(object).namespace().isEmpty()
        ? object.withAt(session.namespace(), "metadata", "namespace")
        : object;
  }

  private static void tell(ApiResource resource, Struct created) {
    System.out.println(
        "%s.%s/%s created"
            .formatted(
                resource.kind().toLowerCase(Locale.ROOT),
                resource.groupVersion().group(),
                Meta.of(created).name()));
  }

  @Command(
      name = "analysisrun",
      aliases = "ar",
      description = "Begins an analysis as a template says.")
  void analysisRun(
      @Option(names = "--from", paramLabel = "TEMPLATE", description = "A template of the cluster.")
          @Nullable String from,
      @Option(names = "--from-file", paramLabel = "FILE", description = "A file with a template.")
          @Nullable Path file,
      @Option(names = "--global", description = "The template is a ClusterAnalysisTemplate.")
          boolean global,
      @Option(
              names = {"-a", "--argument"},
              paramLabel = "NAME=VALUE",
              description = "What the template is to be given.")
          @Nullable List<String> arguments,
      @Option(names = "--name", paramLabel = "NAME", description = "Its name.")
          @Nullable String name,
      @Option(
              names = "--generate-name",
              paramLabel = "PREFIX",
              description = "What its name begins with. Default: as the template's.")
          @Nullable String prefix) {
    if ((from == null) == (file == null)) {
      throw new CliException("one of --from or --from-file must be specified");
    }
    Session session = ArgoRolloutsCommand.session(spec);
    Struct template =
        file == null
            ? session
                .api()
                .get(
                    global
                        ? DeliveryResources.CLUSTER_ANALYSIS_TEMPLATES
                        : DeliveryResources.ANALYSIS_TEMPLATES,
                    global ? "" : session.namespace(),
                    String.valueOf(from))
            : ManifestFiles.read(List.of(file.toString())).getFirst();
    StructBuilder metadata = new StructBuilder().add("namespace", session.namespace());
    if (name == null) {
      metadata.add("generateName", prefix == null ? Meta.of(template).name() + "-" : prefix);
    } else {
      metadata.add("name", name);
    }
    Struct run =
        new StructBuilder()
            .add("apiVersion", DeliveryResources.ANALYSIS_RUNS.apiVersion())
            .add("kind", DeliveryResources.ANALYSIS_RUNS.kind())
            .add("metadata", metadata.build())
            .add("spec", given(template.struct("spec"), arguments == null ? List.of() : arguments))
            .build();
    tell(
        DeliveryResources.ANALYSIS_RUNS,
        session.api().create(DeliveryResources.ANALYSIS_RUNS, run));
  }

  /// A template's spec with values for its arguments.
  ///
  /// @throws CliException if one is left without a value, or is none of its
  static Struct given(Struct template, List<String> assignments) {
    List<Struct> known = new ArrayList<>(template.structs("args"));
    for (String assignment : assignments) {
      int at = assignment.indexOf('=');
      if (at < 0) {
        throw new CliException("arguments must be in the form NAME=VALUE");
      }
      String argument = assignment.substring(0, at);
      known.removeIf(each -> each.string("name").equals(argument));
      known.add(Struct.of("name", argument, "value", assignment.substring(at + 1)));
    }
    for (Struct each : known) {
      if (!each.has("value") && !each.has("valueFrom")) {
        throw new CliException("args." + each.string("name") + " was not resolved");
      }
    }
    return known.isEmpty() ? template : template.with("args", List.copyOf(known));
  }
}
