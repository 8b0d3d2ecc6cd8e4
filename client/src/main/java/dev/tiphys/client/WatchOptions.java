package dev.tiphys.client;

/// What to watch, and from when.
///
/// @param labelSelector a query; empty for all
/// @param fieldSelector a query; empty for all
/// @param resourceVersion the state to begin after; empty or `0` begins with the objects that exist
/// @param bookmarks whether the server tells, now and then, how far the watch has come
public record WatchOptions(
    String labelSelector, String fieldSelector, String resourceVersion, boolean bookmarks) {

  /// Everything that happens after a state that was listed.
  public static WatchOptions from(String resourceVersion) {
    return new WatchOptions("", "", resourceVersion, true);
  }
}
