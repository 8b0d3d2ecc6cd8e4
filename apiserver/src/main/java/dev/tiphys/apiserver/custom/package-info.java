/// Custom resources: from their definitions to resources that are served like the others.
///
/// A [dev.tiphys.apiserver.custom.CustomResources] follows the definitions: it settles their names
/// and conditions, serves what is established, and empties what is being removed.
package dev.tiphys.apiserver.custom;
