-- Tests of the policy: made-up calls with what must come of them. They decide nothing themselves.
CREATE TABLE "policy_tests" (
    "name" TEXT NOT NULL,
    "spec" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "changed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT "policy_tests_pkey" PRIMARY KEY ("name"),
    CONSTRAINT "policy_tests_name" CHECK (char_length("name") BETWEEN 1 AND 32)
);
