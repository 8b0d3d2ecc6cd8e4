package dev.tiphys.storage.volumes;

import dev.tiphys.object.Struct;

/// What is in a volume or a snapshot.
///
/// @param backing what it is made of
/// @param fileSystem the type of the one inside an image; empty for a directory, and for a bare
///   block device
public record Content(Backing backing, String fileSystem) {

  /// A block device that a Pod is given as it is.
  public static final Content BLOCK = new Content(Backing.IMAGE, "");

  /// Files in a directory.
  public static final Content DIRECTORY = new Content(Backing.DIRECTORY, "");

  public boolean isBlock() {
    return equals(BLOCK);
  }

  public boolean isDirectory() {
    return backing == Backing.DIRECTORY;
  }

  Struct toStruct() {
    return Struct.of("backing", backing.name(), "fileSystem", fileSystem);
  }

  static Content of(Struct struct) {
    return new Content(Backing.valueOf(struct.string("backing")), struct.string("fileSystem"));
  }
}
