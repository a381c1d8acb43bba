CREATE TABLE IF NOT EXISTS "__EFMigrationsHistory" (
    "MigrationId" TEXT NOT NULL CONSTRAINT "PK___EFMigrationsHistory" PRIMARY KEY,
    "ProductVersion" TEXT NOT NULL
);

BEGIN TRANSACTION;
CREATE TABLE "accounts" (
    "Id" TEXT NOT NULL CONSTRAINT "PK_accounts" PRIMARY KEY,
    "Email" TEXT NOT NULL,
    "EmailKey" TEXT NOT NULL,
    "PasswordHash" TEXT NULL,
    "SecurityStamp" TEXT NOT NULL,
    "Created" TEXT NOT NULL
);

CREATE TABLE "organizations" (
    "Id" TEXT NOT NULL CONSTRAINT "PK_organizations" PRIMARY KEY,
    "Name" TEXT NOT NULL,
    "Created" TEXT NOT NULL
);

CREATE TABLE "login_links" (
    "Hash" BLOB NOT NULL CONSTRAINT "PK_login_links" PRIMARY KEY,
    "AccountId" TEXT NOT NULL,
    "Expires" TEXT NOT NULL,
    CONSTRAINT "FK_login_links_accounts_AccountId" FOREIGN KEY ("AccountId") REFERENCES "accounts" ("Id") ON DELETE CASCADE
);

CREATE TABLE "memberships" (
    "AccountId" TEXT NOT NULL,
    "OrganizationId" TEXT NOT NULL,
    "Role" TEXT NOT NULL,
    CONSTRAINT "PK_memberships" PRIMARY KEY ("AccountId", "OrganizationId"),
    CONSTRAINT "FK_memberships_accounts_AccountId" FOREIGN KEY ("AccountId") REFERENCES "accounts" ("Id") ON DELETE CASCADE,
    CONSTRAINT "FK_memberships_organizations_OrganizationId" FOREIGN KEY ("OrganizationId") REFERENCES "organizations" ("Id") ON DELETE CASCADE
);

CREATE TABLE "projects" (
    "Id" TEXT NOT NULL CONSTRAINT "PK_projects" PRIMARY KEY,
    "OrganizationId" TEXT NOT NULL,
    "Name" TEXT NOT NULL,
    "Created" TEXT NOT NULL,
    CONSTRAINT "FK_projects_organizations_OrganizationId" FOREIGN KEY ("OrganizationId") REFERENCES "organizations" ("Id") ON DELETE CASCADE
);

CREATE TABLE "api_keys" (
    "Id" TEXT NOT NULL CONSTRAINT "PK_api_keys" PRIMARY KEY,
    "ProjectId" TEXT NOT NULL,
    "Kind" TEXT NOT NULL,
    "Name" TEXT NOT NULL,
    "Hash" BLOB NOT NULL,
    "Created" TEXT NOT NULL,
    "Revoked" TEXT NULL,
    CONSTRAINT "FK_api_keys_projects_ProjectId" FOREIGN KEY ("ProjectId") REFERENCES "projects" ("Id") ON DELETE CASCADE
);

CREATE UNIQUE INDEX "IX_accounts_EmailKey" ON "accounts" ("EmailKey");

CREATE UNIQUE INDEX "IX_api_keys_Hash" ON "api_keys" ("Hash");

CREATE INDEX "IX_api_keys_ProjectId" ON "api_keys" ("ProjectId");

CREATE INDEX "IX_login_links_AccountId" ON "login_links" ("AccountId");

CREATE INDEX "IX_memberships_OrganizationId" ON "memberships" ("OrganizationId");

CREATE INDEX "IX_projects_OrganizationId" ON "projects" ("OrganizationId");

INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
VALUES ('20261124123544_Initial', '10.0.15');

COMMIT;

BEGIN TRANSACTION;
CREATE TABLE "templates" (
    "Id" INTEGER NOT NULL CONSTRAINT "PK_templates" PRIMARY KEY AUTOINCREMENT,
    "ProjectId" TEXT NOT NULL,
    "Slug" TEXT NOT NULL,
    "Mode" TEXT NOT NULL,
    "Created" TEXT NOT NULL,
    CONSTRAINT "FK_templates_projects_ProjectId" FOREIGN KEY ("ProjectId") REFERENCES "projects" ("Id") ON DELETE CASCADE
);

CREATE TABLE "views" (
    "Id" INTEGER NOT NULL CONSTRAINT "PK_views" PRIMARY KEY AUTOINCREMENT,
    "ProjectId" TEXT NOT NULL,
    "Name" TEXT NOT NULL,
    "Scope" TEXT NOT NULL,
    "Query" TEXT NOT NULL,
    "Look" TEXT NULL,
    "Data" TEXT NULL,
    "Icon" TEXT NULL,
    "Updated" TEXT NOT NULL,
    CONSTRAINT "FK_views_projects_ProjectId" FOREIGN KEY ("ProjectId") REFERENCES "projects" ("Id") ON DELETE CASCADE
);

CREATE TABLE "template_labels" (
    "TemplateId" INTEGER NOT NULL,
    "Label" TEXT NOT NULL,
    "VersionId" INTEGER NOT NULL,
    CONSTRAINT "PK_template_labels" PRIMARY KEY ("TemplateId", "Label"),
    CONSTRAINT "FK_template_labels_templates_TemplateId" FOREIGN KEY ("TemplateId") REFERENCES "templates" ("Id") ON DELETE CASCADE
);

CREATE TABLE "template_versions" (
    "Id" INTEGER NOT NULL CONSTRAINT "PK_template_versions" PRIMARY KEY AUTOINCREMENT,
    "TemplateId" INTEGER NOT NULL,
    "Number" INTEGER NOT NULL,
    "Content" TEXT NOT NULL,
    "Extra" TEXT NOT NULL,
    "TestValues" TEXT NULL,
    "Notes" TEXT NULL,
    "Created" TEXT NOT NULL,
    "Published" TEXT NULL,
    CONSTRAINT "FK_template_versions_templates_TemplateId" FOREIGN KEY ("TemplateId") REFERENCES "templates" ("Id") ON DELETE CASCADE
);

CREATE UNIQUE INDEX "IX_template_versions_TemplateId_Number" ON "template_versions" ("TemplateId", "Number");

CREATE UNIQUE INDEX "IX_templates_ProjectId_Slug" ON "templates" ("ProjectId", "Slug");

CREATE UNIQUE INDEX "IX_views_ProjectId_Name" ON "views" ("ProjectId", "Name");

INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
VALUES ('20261127011736_TemplatesAndViews', '10.0.15');

COMMIT;

BEGIN TRANSACTION;
ALTER TABLE "projects" ADD "RetentionDays" INTEGER NULL;

INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
VALUES ('20261127055855_Retention', '10.0.15');

COMMIT;

BEGIN TRANSACTION;
CREATE TABLE "prices" (
    "Id" INTEGER NOT NULL CONSTRAINT "PK_prices" PRIMARY KEY AUTOINCREMENT,
    "ProjectId" TEXT NOT NULL,
    "Name" TEXT NOT NULL,
    "Provider" TEXT NULL,
    "Match" TEXT NOT NULL,
    "Pattern" TEXT NOT NULL,
    "From" TEXT NULL,
    "Input" TEXT NOT NULL,
    "Output" TEXT NOT NULL,
    "CacheRead" TEXT NULL,
    "CacheWrite" TEXT NULL,
    "CacheWrite1h" TEXT NULL,
    "Reasoning" TEXT NULL,
    "InputAudio" TEXT NULL,
    "OutputAudio" TEXT NULL,
    "Created" TEXT NOT NULL,
    "Changed" TEXT NOT NULL,
    CONSTRAINT "FK_prices_projects_ProjectId" FOREIGN KEY ("ProjectId") REFERENCES "projects" ("Id") ON DELETE CASCADE
);

CREATE TABLE "repricings" (
    "ProjectId" TEXT NOT NULL CONSTRAINT "PK_repricings" PRIMARY KEY,
    "Id" TEXT NOT NULL,
    "State" TEXT NOT NULL,
    "Failure" TEXT NULL,
    "Started" TEXT NOT NULL,
    "Ended" TEXT NULL,
    "From" TEXT NULL,
    "To" TEXT NULL,
    "Expected" INTEGER NOT NULL,
    "Stamp" TEXT NULL,
    "Cursor" TEXT NULL,
    "Calls" INTEGER NOT NULL,
    "Changed" INTEGER NOT NULL,
    "Before" TEXT NOT NULL,
    "After" TEXT NOT NULL,
    CONSTRAINT "FK_repricings_projects_ProjectId" FOREIGN KEY ("ProjectId") REFERENCES "projects" ("Id") ON DELETE CASCADE
);

CREATE INDEX "IX_prices_ProjectId" ON "prices" ("ProjectId");

INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
VALUES ('20261127074746_Prices', '10.0.15');

COMMIT;

