/// The resources that have no objects: a client creates a question and is answered at once.
///
/// [dev.tiphys.apiserver.reviews.Reviews] lists them.
package dev.tiphys.apiserver.reviews;
