package dev.tiphys.client;

/// What to list, and how.
///
/// @param labelSelector a query; empty for all
/// @param fieldSelector a query; empty for all
/// @param resourceVersion empty for the newest state; `0` for any state the server has at hand
/// @param limit the size of a page; 0 for all in one
/// @param continueToken where the last page ended; empty for the first one
public record ListOptions(
    String labelSelector,
    String fieldSelector,
    String resourceVersion,
    long limit,
    String continueToken) {

  public static final ListOptions ALL = new ListOptions("", "", "", 0, "");

  public static ListOptions withLabels(String selector) {
    return new ListOptions(selector, "", "", 0, "");
  }

  public static ListOptions withFields(String selector) {
    return new ListOptions("", selector, "", 0, "");
  }

  /// In pages of this size.
  public ListOptions inPagesOf(long size) {
    return new ListOptions(labelSelector, fieldSelector, resourceVersion, size, continueToken);
  }

  /// The page that begins where another one ended.
  public ListOptions after(String token) {
    return new ListOptions(labelSelector, fieldSelector, "", limit, token);
  }
}
