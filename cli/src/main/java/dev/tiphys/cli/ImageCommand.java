package dev.tiphys.cli;

import dev.tiphys.cli.data.DataDirectory;
import dev.tiphys.cli.machine.CliException;
import dev.tiphys.cli.machine.HostRequirements;
import dev.tiphys.cli.machine.NodePackages;
import dev.tiphys.cli.options.DataOption;
import dev.tiphys.cli.roles.ContainerMachinery;
import dev.tiphys.node.images.ImageArchive;
import dev.tiphys.node.images.LoadedImages;
import dev.tiphys.node.settings.PodDirectories;
import dev.tiphys.world.RealWorld;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `tiphys image`
@Command(
    name = "image",
    description = "Works with the images of the node.",
    subcommands = ImageCommand.Load.class,
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true)
final class ImageCommand {

  private ImageCommand() {}

  /// `tiphys image load`
  @Command(
      name = "load",
      description = "Loads images from archives, as 'docker save' or OCI tools write them.",
      mixinStandardHelpOptions = true)
  static final class Load implements Runnable {

    @Mixin private DataOption data = new DataOption();

    @Parameters(paramLabel = "FILE", arity = "1..*", description = "The archives.")
    private List<Path> files = List.of();

    @Override
    public void run() {
      DataDirectory directory = data.existing();
      HostRequirements.requireContainers();
      try {
        NodePackages.require(false, true, System.out::println);
        try (ContainerMachinery machinery =
            ContainerMachinery.start(
                new RealWorld(),
                directory,
                List.of(ContainerMachinery.clusterRange(directory)),
                true)) {
          LoadedImages notes =
              new LoadedImages(new PodDirectories(directory.path()).loadedImages());
          for (Path file : files) {
            load(machinery, notes, file);
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new CliException("interrupted", e);
      }
    }

    private static void load(ContainerMachinery machinery, LoadedImages notes, Path file)
        throws InterruptedException {
      try (ImageArchive archive = ImageArchive.open(file)) {
        for (String name : machinery.images().load(archive)) {
          notes.add(name);
          System.out.println("loaded " + name);
        }
      } catch (IOException e) {
        throw new CliException("cannot load " + file + ": " + e.getMessage(), e);
      }
    }
  }
}
