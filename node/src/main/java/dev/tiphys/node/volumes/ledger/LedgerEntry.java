package dev.tiphys.node.volumes.ledger;

import dev.tiphys.node.volumes.Mounts;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/// What the node has done with one volume.
///
/// @param driver what brings it
/// @param handle the driver's name for it
/// @param name the PersistentVolume's name, or the Pod's own name for an inline one
/// @param block whether it is a device
/// @param attached whether it has to be attached to the node by others
/// @param staging where it is staged; empty if it never is
/// @param staged how far that went
/// @param publications what it was published for, by the uid of the Pod
public record LedgerEntry(
    String driver,
    String handle,
    String name,
    boolean block,
    boolean attached,
    String staging,
    Progress staged,
    Map<String, Publication> publications) {

  /// How far something went. It is told before it is begun, so that it is never more than what is
  /// told.
  public enum Progress {
    /// It was not begun, or all of it was taken back.
    NONE,
    /// It was begun: some of it may be there.
    UNKNOWN,
    /// It is done.
    DONE
  }

  /// @param target where the Pod finds it
  public record Publication(String target, Progress progress) {}

  public LedgerEntry {
    publications = Map.copyOf(publications);
  }

  public LedgerEntry withStaged(Progress progress) {
    return new LedgerEntry(driver, handle, name, block, attached, staging, progress, publications);
  }

  public LedgerEntry with(String uid, Publication publication) {
    Map<String, Publication> more = new TreeMap<>(publications);
    more.put(uid, publication);
    return new LedgerEntry(driver, handle, name, block, attached, staging, staged, more);
  }

  public LedgerEntry without(String uid) {
    Map<String, Publication> fewer = new TreeMap<>(publications);
    fewer.remove(uid);
    return new LedgerEntry(driver, handle, name, block, attached, staging, staged, fewer);
  }

  /// The same, but nothing is done that is not mounted any more, since the machine has started
  /// anew.
  public LedgerEntry doubted(Mounts mounts) throws IOException {
    LedgerEntry doubted = this;
    for (Map.Entry<String, Publication> publication : publications.entrySet()) {
      String target = publication.getValue().target;
      if (publication.getValue().progress == Progress.DONE && !mounts.isMounted(Path.of(target))) {
        doubted =
            doubted
                .with(publication.getKey(), new Publication(target, Progress.UNKNOWN))
                .withStaged(staged == Progress.DONE ? Progress.UNKNOWN : staged);
      }
    }
    return doubted;
  }

  /// What a Pod has of it; nothing if it is not in the ledger.
  public Progress published(String uid) {
    Publication publication = publications.get(uid);
    return publication == null ? Progress.NONE : publication.progress;
  }

  public Struct toStruct() {
    StructBuilder pods = new StructBuilder();
    publications.forEach(
        (uid, publication) ->
            pods.add(
                uid,
                Struct.of("target", publication.target, "progress", publication.progress.name())));
    return new StructBuilder()
        .add("driver", driver)
        .add("handle", handle)
        .add("name", name)
        .add("block", block)
        .add("attached", attached)
        .add("staging", staging)
        .add("staged", staged.name())
        .add("publications", pods.build())
        .build();
  }

  public static LedgerEntry of(Struct kept) {
    Map<String, Publication> publications = new TreeMap<>();
    Struct pods = kept.struct("publications");
    for (String uid : pods.names()) {
      Struct publication = pods.struct(uid);
      publications.put(
          uid,
          new Publication(
              publication.string("target"), Progress.valueOf(publication.string("progress"))));
    }
    return new LedgerEntry(
        kept.string("driver"),
        kept.string("handle"),
        kept.string("name"),
        kept.bool("block"),
        kept.bool("attached"),
        kept.string("staging"),
        Progress.valueOf(kept.string("staged")),
        publications);
  }
}
