package dev.tiphys.scheduler.verdict;

/// A filter whose answer about one node depends on others too.
public interface SurveyFilter extends Filter, Survey {

  /// Gets ready to filter, by what was noted.
  ///
  /// @return whether there is anything to filter now
  boolean begin();
}
