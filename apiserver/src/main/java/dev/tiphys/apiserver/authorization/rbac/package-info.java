/// Role-based access control: roles, what binds them to users, and that none can give away rights
/// that the giver does not have.
package dev.tiphys.apiserver.authorization.rbac;
